import { findPython, runPython } from "./python.ts";

/** A member of an archive, as Python's own reader sees it. */
export interface Member {
  readonly name: string;
  readonly mode: string;
  /** Seconds since 1970, or ZIP's date and time as text. */
  readonly time: number | string;
  readonly text: string;
}

/** A wheel, checked against its `RECORD`. */
export interface ReadWheel {
  readonly members: readonly Member[];
  /** What is wrong with `RECORD`; empty for a good wheel. */
  readonly recordFaults: readonly string[];
}

/** An sdist, unpacked through `tarfile`'s data filter. */
export interface ReadSdist {
  readonly members: readonly (Member & { readonly owner: string; readonly pax: readonly string[] })[];
  /** Files that the data filter wrote, below the top folder. */
  readonly unpacked: readonly string[];
}

const wheelCode = `
import base64, csv, hashlib, io, json, sys, zipfile
out = {"members": [], "recordFaults": []}
with zipfile.ZipFile(sys.argv[1]) as z:
    assert z.testzip() is None
    for i in z.infolist():
        out["members"].append({"name": i.filename, "mode": oct(i.external_attr >> 16),
            "time": "%d-%02d-%02d %02d:%02d:%02d" % i.date_time, "text": z.read(i).decode("latin-1")})
    names = z.namelist()
    record = [n for n in names if n.endswith(".dist-info/RECORD")][0]
    rows = list(csv.reader(io.StringIO(z.read(record).decode())))
    if [r[0] for r in rows] != names: out["recordFaults"].append("not the members in order")
    for path, digest, size in rows:
        data = z.read(path)
        want = "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        if path == record:
            if digest or size: out["recordFaults"].append("RECORD has a hash")
        elif digest != want or int(size) != len(data): out["recordFaults"].append(path)
print(json.dumps(out))
`;

const sdistCode = `
import json, os, sys, tarfile, tempfile
out = {"members": [], "unpacked": []}
with tarfile.open(sys.argv[1]) as t, tempfile.TemporaryDirectory() as d:
    for m in t:
        assert m.isreg(), m.name
        out["members"].append({"name": m.name, "mode": oct(m.mode), "time": m.mtime, "pax": sorted(m.pax_headers),
            "owner": "%d:%d:%s:%s" % (m.uid, m.gid, m.uname, m.gname), "text": t.extractfile(m).read().decode("latin-1")})
    t.extractall(d, filter="data")
    assert len(os.listdir(d)) == 1
    top = os.path.join(d, os.listdir(d)[0])
    for folder, _, files in os.walk(top):
        out["unpacked"] += [os.path.relpath(os.path.join(folder, f), top).replace(os.sep, "/") for f in files]
print(json.dumps(out))
`;

/** Reads a wheel with Python's `zipfile` and checks every line of its `RECORD`. */
export function readWheel(file: string): ReadWheel {
  return runPython(findPython(), wheelCode, [file]) as ReadWheel;
}

/** Reads and unpacks an sdist with Python's `tarfile`. */
export function readSdist(file: string): ReadSdist {
  return runPython(findPython('hasattr(__import__("tarfile"), "data_filter")'), sdistCode, [file]) as ReadSdist;
}
