import type { Problema } from "./messages.ts";
import { Problem, Unreachable } from "./problem.ts";

export const TRANSACTION_HEADER = "X-Transacao";
/** API Gateway answers within 29 s; a slow line takes a while more. */
const LONGEST_SECONDS = 60;

export interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** False for the few routes that take no token. */
  readonly authenticated?: boolean;
}

/** Who gives tokens. `renewed` is asked once the platform refused the last one; both wait for a login where one is needed. */
export interface Tokens {
  current(): Promise<string>;
  renewed(refused: string): Promise<string>;
}

export class ApiClient {
  private readonly tokens: Tokens;
  private readonly fetcher: typeof fetch;

  constructor(tokens: Tokens, fetcher: typeof fetch = (...given) => fetch(...given)) {
    this.tokens = tokens;
    this.fetcher = fetcher;
  }

  async json<T>(path: string, asked: Asked = {}): Promise<T> {
    const answer = await this.answer(path, asked);
    return (await read(answer, () => answer.json())) as T;
  }

  async text(path: string, asked: Asked = {}): Promise<string> {
    const answer = await this.answer(path, asked);
    return read(answer, () => answer.text());
  }

  async blob(path: string, asked: Asked = {}): Promise<Blob> {
    const answer = await this.answer(path, asked);
    return read(answer, () => answer.blob());
  }

  /** The whole answer of a request that was not refused. Throws `Problem` or `Unreachable`. */
  async answer(path: string, asked: Asked = {}): Promise<Response> {
    if (asked.authenticated === false) return accepted(await this.send(path, asked, null));
    const token = await this.tokens.current();
    const answer = await this.send(path, asked, token);
    if (!(await refusesToken(answer))) return accepted(answer);
    const again = await this.send(path, asked, await this.tokens.renewed(token));
    return accepted(again);
  }

  private async send(path: string, asked: Asked, token: string | null): Promise<Response> {
    const headers = new Headers(asked.headers);
    headers.set("Accept", "application/json, application/problem+json, */*;q=0.5");
    if (token !== null) headers.set("Authorization", `Bearer ${token}`);
    const request: RequestInit = { method: asked.method ?? "GET", headers, cache: "no-store", credentials: "omit" };
    if (asked.body !== undefined) {
      headers.set("Content-Type", "application/json");
      request.body = JSON.stringify(asked.body);
    }
    const limit = AbortSignal.timeout(LONGEST_SECONDS * 1000);
    request.signal = asked.signal ? AbortSignal.any([asked.signal, limit]) : limit;
    try {
      return await this.fetcher(path, request);
    } catch (failure) {
      if (asked.signal?.aborted) throw failure;
      throw new Unreachable(
        limit.aborted
          ? "A plataforma não respondeu a tempo. Verifique a conexão e tente de novo."
          : "Não foi possível falar com a plataforma. Verifique a conexão e tente de novo.",
      );
    }
  }
}

/** The gateway's own refusal of a token: 401 without one it can read, 403 for one that stands no more. */
async function refusesToken(answer: Response): Promise<boolean> {
  if (answer.status === 401) return true;
  if (answer.status !== 403) return false;
  return !(answer.headers.get("Content-Type") ?? "").startsWith("application/problem+json");
}

async function accepted(answer: Response): Promise<Response> {
  if (answer.ok || answer.status === 304) return answer;
  const transaction = answer.headers.get(TRANSACTION_HEADER);
  const told = await answer.json().catch(() => null);
  if (isProblem(told)) throw new Problem(told, secondsOf(answer.headers.get("Retry-After")));
  throw new Unreachable(
    answer.status === 429
      ? "Há pedidos demais neste momento. Espere alguns segundos e tente de novo."
      : `A plataforma respondeu de um modo inesperado (${answer.status}). Tente de novo em instantes.`,
    transaction ?? answer.headers.get("apigw-requestid"),
  );
}

async function read<T>(answer: Response, reading: () => Promise<T>): Promise<T> {
  try {
    return await reading();
  } catch {
    throw new Unreachable(
      "A resposta da plataforma chegou incompleta. Verifique a conexão e tente de novo.",
      answer.headers.get(TRANSACTION_HEADER),
    );
  }
}

function isProblem(told: unknown): told is Problema {
  return typeof told === "object" && told !== null && "detail" in told && "transacao" in told && "type" in told;
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^\d{1,5}$/.test(header) ? Number(header) : null;
}
