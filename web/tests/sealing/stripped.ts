// The page's modules as a browser takes them: JavaScript by address, as one JSON on standard output.
import { readFileSync, readdirSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";

const source = new URL("../../src/", import.meta.url);
const jose = new URL("../../node_modules/jose/dist/webapi/", import.meta.url);
const told: Record<string, string> = {};

for (const folder of ["api", "attestation", "format", "sealing"]) {
  const at = new URL(`${folder}/`, source);
  for (const name of readdirSync(at).filter((one) => one.endsWith(".ts"))) {
    told[`/src/${folder}/${name}`] = stripTypeScriptTypes(readFileSync(new URL(name, at), "utf8"));
  }
}
for (const name of readdirSync(jose, { recursive: true, encoding: "utf8" }).filter((one) => one.endsWith(".js"))) {
  told[`/jose/${name}`] = readFileSync(new URL(name, jose), "utf8");
}
process.stdout.write(JSON.stringify(told));
