/** Sources that Zlig compiles, and the headers that they include. */
const sources = "**/*.{c,cc,cpp,cxx,C,m,mm,S,s,zig,pyx,pxd,pxi,h,hh,hp,hpp,hxx,H,inc,inl,ipp,tcc,tpp}";

/** The documents that the language server follows, whichever language the editor takes them for. */
export const documentSelector = [
  { scheme: "file", pattern: "**/pyproject.toml" },
  { scheme: "file", pattern: sources },
] as const;
