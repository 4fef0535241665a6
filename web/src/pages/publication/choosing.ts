import type { AgentPublished } from "../../api/messages.ts";

export interface Choice {
  /** Part of a name or sigla, or of a CNPJ with or without its mask. */
  readonly text: string;
  /** `PUBLICADO`, `SEM_FATOR`, `NAO_ENVIADO`; empty for all. */
  readonly situation: string;
  /** Code of a class; empty for all. */
  readonly class: string;
}

export const EVERYTHING: Choice = { text: "", situation: "", class: "" };

/** The agents that fit, in the list's own order. */
export function chosenOf(agents: readonly AgentPublished[], choice: Choice): readonly AgentPublished[] {
  const wanted = folded(choice.text.trim());
  const bare = wanted.replace(/[./-]/g, "");
  return agents.filter(
    (agent) =>
      (choice.situation === "" || situationOf(agent) === choice.situation) &&
      (choice.class === "" || String(agent.classe.codigo) === choice.class) &&
      (wanted === "" ||
        folded(agent.sigla).includes(wanted) ||
        folded(agent.nome).includes(wanted) ||
        (bare !== "" && agent.cnpj.toLowerCase().startsWith(bare))),
  );
}

/** A factor, a reason why there is none, or nothing sent. */
export function situationOf(agent: AgentPublished): "PUBLICADO" | "SEM_FATOR" | "NAO_ENVIADO" {
  if (agent.situacao === "NAO_ENVIADO") return "NAO_ENVIADO";
  return agent.fa === null ? "SEM_FATOR" : "PUBLICADO";
}

/** The classes that the list has, each once, by name. */
export function classesOf(agents: readonly AgentPublished[]): readonly { readonly code: string; readonly text: string }[] {
  const found = new Map(agents.map((agent) => [String(agent.classe.codigo), agent.classe.descricao]));
  return [...found].map(([code, text]) => ({ code, text })).sort((one, other) => one.text.localeCompare(other.text));
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
