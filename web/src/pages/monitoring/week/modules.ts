/** The four modules of the monitoring, in the order of the week's work. */
export interface Module {
  readonly word: "portfolio" | "contrapartes" | "lote" | "fator";
  readonly text: string;
  readonly purpose: string;
}

export const modules: readonly Module[] = [
  {
    word: "portfolio",
    text: "Portfólio",
    purpose: "Contratos, geração, consumo e patrimônio líquido de um agente: por formulário, colando de uma planilha ou importando.",
  },
  {
    word: "contrapartes",
    text: "Contrapartes",
    purpose: "As exposições de um agente às suas cinco maiores contrapartes, de M+0 a M+2.",
  },
  {
    word: "lote",
    text: "Preenchimento em lote",
    purpose: "Portfólios e contrapartes de todos os agentes controlados e representados, num arquivo só.",
  },
  {
    word: "fator",
    text: "Fator de alavancagem",
    purpose: "Conferir como se chegou ao fator, validar, e cancelar ou enviar à CCEE.",
  },
];

export function moduleOf(word: Module["word"]): Module {
  const found = modules.find((one) => one.word === word);
  if (found === undefined) throw new RangeError(word);
  return found;
}

export function pathOf(event: string, word: Module["word"], company?: string): string {
  return `/prudencial/${event}/${word}${company === undefined ? "" : `/${company}`}`;
}
