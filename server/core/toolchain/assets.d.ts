/** A file that the bundler puts into the code as text. */
declare module "*.py" {
  const text: string;
  export default text;
}
