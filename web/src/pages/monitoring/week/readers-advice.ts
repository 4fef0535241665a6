import type { AgentListed } from "../../../api/messages.ts";

/** What keeps deliveries of an agent from being joined, or sent, with today's list of readers. */
export interface ReadersAdvice {
  readonly headline: string;
  /** What cannot be read back, and so must be typed or imported anew; null where all can. */
  readonly lost: string | null;
  /** Whether the portfolio, with what came with the same list, can be read and delivered again as it is. */
  readonly canMove: boolean;
  /** Digest of the one list that all of it came with; null where there is none. */
  readonly former: string | null;
}

/**
 * Null where all that was delivered came with the list that `today` names. Data of two lists are never joined, and
 * counterparties are read back with a portfolio of their own list alone.
 */
export function readersAdvice(
  { portfolio, contrapartes }: Pick<AgentListed, "portfolio" | "contrapartes">,
  today: string,
): ReadersAdvice | null {
  const ofPortfolio = portfolio?.leitores ?? null;
  const ofCounterparties = contrapartes?.leitores ?? null;
  const lists = new Set([ofPortfolio, ofCounterparties].filter((one) => one !== null));
  if (lists.size === 0 || (lists.size === 1 && lists.has(today))) return null;
  const canMove = ofPortfolio !== null && ofPortfolio !== today;
  const isApart = ofCounterparties !== null && ofCounterparties !== today && ofCounterparties !== ofPortfolio;
  return {
    headline: headlineOf(canMove, ofCounterparties !== null && ofCounterparties !== today),
    lost: isApart ? LOST[ofPortfolio === null ? "alone" : "apart"] : null,
    canMove,
    former: lists.size === 1 ? (ofPortfolio ?? ofCounterparties) : null,
  };
}

const LOST = {
  alone: "Sem portfólio as contrapartes não podem ser lidas: digite-as ou importe-as de novo e entregue com a lista de hoje.",
  apart: "As contrapartes não podem ser lidas: vieram com outra lista que o portfólio. Digite-as ou importe-as e entregue de novo.",
} as const;

function headlineOf(portfolio: boolean, counterparties: boolean): string {
  const verb = portfolio && counterparties ? "O portfólio e as contrapartes vieram" : portfolio ? "O portfólio veio" : "As contrapartes vieram";
  return `${verb} com outra lista de leitores que a de hoje`;
}
