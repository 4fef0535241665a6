import type { LoteAnnounced, LoteTold } from "../../../api/messages.ts";
import { uploadForm } from "../../../api/upload.ts";
import { api } from "../../../application.ts";
import { openAnswer, type Answer, type ExpectedAnswer } from "../../../sealing/answers.ts";
import { newRequestId, sealedBytes } from "../../../sealing/envelope.ts";
import { isObject } from "../../../sealing/json-members.ts";
import type { WeekDesk } from "../../../sealing/week-desk.ts";

/** What the enclave says of one agent of a workbook, opened here. */
export interface AgentOutcome {
  readonly cnpj: string;
  readonly faults: readonly { readonly place: string; readonly rule: string; readonly detail: string }[];
}

export interface WorkbookOutcome {
  readonly lote: LoteTold;
  readonly agents: readonly AgentOutcome[];
}

const FINAL: readonly string[] = ["PROCESSADO", "PROCESSADO_COM_ERROS", "REJEITADO", "EXPIRADO"];
const FIRST_PAUSE_MS = 700;
const LONGEST_PAUSE_MS = 5000;

/**
 * The standard sheet, sealed as it is: a workbook is read by the enclave alone, and goes as a lote of however many agents
 * it holds. Throws what the desk, the platform or an answer refuses.
 */
export async function deliverWorkbook(
  desk: WeekDesk,
  file: File,
  onStage: (stage: string) => void,
): Promise<WorkbookOutcome> {
  onStage("Cifrando a planilha neste computador…");
  const { event, sender, readers } = desk.given;
  const { seen } = desk;
  const requestId = newRequestId();
  const content = new Uint8Array(await file.arrayBuffer());
  const sealed = await desk.sealed(content, "PORTFOLIO", { requestId, seen });
  const bytes = sealedBytes(sealed);
  const path = `/prudencial/semanas/${event}/lotes`;
  const request = { remetente: sender, tipo: "PORTFOLIO", nomeDoArquivo: file.name, tamanho: bytes.length, sha256: sealed.identity };
  const announced = await api.json<LoteAnnounced>(path, { method: "POST", body: request });
  await uploadForm(announced.url, announced.campos, new Blob([bytes]), {
    onProgress: ({ sent, of }) => onStage(`Enviando cifrado… ${of === 0 ? 0 : Math.round((100 * sent) / of)} %`),
  });
  const lote = await ended(`${path}/${announced.lote}`, onStage);
  onStage("Abrindo as respostas do enclave…");
  const expected = { event, company: sender, requestId, seen, readers: readers.digest, subject: sealed.identity };
  return { lote, agents: await opened(desk, `${path}/${announced.lote}`, lote, expected) };
}

async function ended(path: string, onStage: (stage: string) => void): Promise<LoteTold> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS)) {
    const told = await api.json<LoteTold>(path);
    if (FINAL.includes(told.estado)) return told;
    onStage(`O enclave está conferindo a planilha… ${told.progresso} %`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

async function opened(desk: WeekDesk, path: string, lote: LoteTold, expected: ExpectedAnswer): Promise<readonly AgentOutcome[]> {
  const signer = (await desk.signer()).signing;
  const agents: AgentOutcome[] = [];
  for (let number = 0; number < lote.respostas; number++) {
    const text = await api.text(`${path}/respostas/${number}`);
    const answer = await openAnswer(text, desk.given.keys, signer, expected);
    desk.given.heads.keep(expected.event, answer.head);
    agents.push(...agentsIn(answer));
  }
  return agents;
}

/** A file that was refused before it was read agent by agent tells its own faults. */
function agentsIn({ payload }: Answer): readonly AgentOutcome[] {
  const { agentes, faltas } = payload;
  if (Array.isArray(agentes) && agentes.length > 0) return agentes.filter(isObject).map((one) => outcome(String(one["cnpj"]), one["faltas"]));
  return Array.isArray(faltas) ? [outcome("", faltas)] : [];
}

function outcome(cnpj: string, faults: unknown): AgentOutcome {
  const listed = Array.isArray(faults) ? faults.filter(isObject) : [];
  return {
    cnpj,
    faults: listed.map((one) => ({ place: String(one["lugar"]), rule: String(one["regra"]), detail: String(one["detalhe"]) })),
  };
}
