import { text } from "node:stream/consumers";

import type { CounterpartiesDocument } from "../../../../src/pages/monitoring/counterparties/document.ts";
import { fieldAt, judged, rowsOf } from "../../../../src/pages/monitoring/counterparties/draft.ts";

/** As `judge-portfolios.ts`, of counterparties. */
interface Case {
  readonly document: CounterpartiesDocument;
  readonly pointers: readonly string[];
}

const cases = JSON.parse(await text(process.stdin)) as readonly Case[];
const told = cases.map(({ document, pointers }) => {
  const found = judged(rowsOf(document), { event: document.evento, company: document.cnpj });
  return {
    faults: found.faults.map(({ rule, field, detail }) => [rule, field, detail]),
    fields: pointers.map(fieldAt),
    document: found.document,
    exposures: found.exposures,
  };
});
process.stdout.write(JSON.stringify(told));
