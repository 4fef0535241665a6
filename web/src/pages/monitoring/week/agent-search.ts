/** What an agent is looked for by. */
export interface Named {
  readonly cnpj: string;
  readonly sigla: string;
  readonly nomeEmpresarial: string;
}

const MOST_TOLD = 50;

/** Those that fit what was typed, whose sigla or CNPJ begins with it first; all of them for nothing typed. */
export function agentsMatching<Agent extends Named>(
  agents: readonly Agent[],
  typed: string,
  most: number = MOST_TOLD,
): readonly Agent[] {
  const sought = folded(typed);
  if (sought === "") return agents.slice(0, most);
  const bare = sought.replace(/[\s./-]/g, "");
  const begins: Agent[] = [];
  const holds: Agent[] = [];
  for (const agent of agents) {
    const sigla = folded(agent.sigla);
    if (sigla.startsWith(sought) || (bare !== "" && agent.cnpj.toLowerCase().startsWith(bare))) begins.push(agent);
    else if (sigla.includes(sought) || folded(agent.nomeEmpresarial).includes(sought)) holds.push(agent);
    if (begins.length === most) break;
  }
  return [...begins, ...holds].slice(0, most);
}

function folded(text: string): string {
  return text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase().trim();
}
