import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api } from "../../../application.ts";
import { Menu } from "../../../components/menu.tsx";
import { Failure } from "../../../components/notice.tsx";
import { saveAs } from "../../../components/saving.ts";

export interface ModelsMenuProps {
  readonly event: string;
  readonly sender: string;
  readonly eligible: number;
}

interface Model {
  readonly text: string;
  readonly path: string;
  readonly name: string;
}

/** How many agents one file of the standard workbook holds (docs/prudential-api.md). */
const AGENTS_IN_A_FILE = 3000;

/** The files to begin with, each fetched with the login and saved. */
export function ModelsMenu({ event, sender, eligible }: ModelsMenuProps): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);
  const [fetching, setFetching] = useState(false);

  async function download(model: Model): Promise<void> {
    if (fetching) return;
    setFailure(null);
    setFetching(true);
    try {
      saveAs(model.name, await api.blob(model.path));
    } catch (error) {
      setFailure(error);
    } finally {
      setFetching(false);
    }
  }

  return (
    <div class="stack tight">
      <Menu label={fetching ? "Baixando…" : "Download de arquivo"} fromEnd>
        {modelsOf(event, sender, eligible).map((model) => (
          <button key={model.name} type="button" class="choice-item" onClick={() => void download(model)}>
            {model.text}
          </button>
        ))}
      </Menu>
      {failure !== null && <Failure error={failure} />}
    </div>
  );
}

function modelsOf(event: string, sender: string, eligible: number): readonly Model[] {
  const folder = "/prudencial/modelos";
  const parts = Math.max(1, Math.ceil(eligible / AGENTS_IN_A_FILE));
  const workbooks = Array.from({ length: parts }, (_, index) => {
    const part = index + 1;
    const query = new URLSearchParams({ evento: event, remetente: sender, ...(parts > 1 ? { parte: String(part) } : {}) });
    const suffix = parts > 1 ? `-${part}` : "";
    return {
      text: `Portfólio: XLSX${parts > 1 ? `, parte ${part} de ${parts}` : ""}`,
      path: `${folder}/portfolio.xlsx?${query}`,
      name: `portfolio-${event}${suffix}.xlsx`,
    };
  });
  return [
    ...workbooks,
    { text: "Portfólio: exemplo JSON", path: `${folder}/portfolio.json`, name: "portfolio-exemplo.json" },
    {
      text: "Contrapartes: JSON Schema",
      path: `${folder}/contrapartes.schema.json`,
      name: "contrapartes.schema.json",
    },
    { text: "Contrapartes: exemplo JSON", path: `${folder}/contrapartes.json`, name: "contrapartes-exemplo.json" },
  ];
}
