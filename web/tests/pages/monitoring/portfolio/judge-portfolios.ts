import { text } from "node:stream/consumers";

import type { PortfolioDocument } from "../../../../src/pages/monitoring/portfolio/document.ts";
import { draftOf, fieldAt, judged } from "../../../../src/pages/monitoring/portfolio/draft.ts";

/** Portfolios in, with the pointers at which Python found faults; out what the page finds, and where those pointers lead. */
interface Case {
  readonly document: PortfolioDocument;
  readonly pointers: readonly string[];
  readonly today: string;
}

const cases = JSON.parse(await text(process.stdin)) as readonly Case[];
const told = cases.map(({ document, pointers, today }) => {
  const about = { event: document.evento, company: document.cnpj, today };
  const found = judged(draftOf(document), about);
  return {
    faults: found.faults.map(({ rule, field, detail }) => [rule, field, detail]),
    warnings: found.warnings.map(({ rule, field, detail }) => [rule, field, detail]),
    fields: pointers.map((pointer) => fieldAt(pointer, document)),
    document: found.document,
  };
});
process.stdout.write(JSON.stringify(told));
