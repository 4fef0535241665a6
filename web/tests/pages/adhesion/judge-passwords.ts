/** Judges what Python judged, too: `[password, cnpj]` a line in standard input, the sentences a line in standard output. */
import { createInterface } from "node:readline";

import { passwordFaults } from "../../../src/pages/adhesion/password.ts";

for await (const line of createInterface({ input: process.stdin })) {
  const [typed, cnpj] = JSON.parse(line) as [string, string];
  console.log(JSON.stringify(passwordFaults(typed, cnpj).map((fault) => fault.detail)));
}
