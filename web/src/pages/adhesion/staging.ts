import type { Change, Company, Verification } from "../../api/messages.ts";
import type { Problem } from "../../api/problem.ts";
import { passwordFaults } from "./password.ts";

export type Check =
  | { readonly state: "checking" }
  | { readonly state: "judged"; readonly verification: Verification }
  | { readonly state: "failed"; readonly error: unknown };

export interface StagedFile {
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Base64, as it is sent. */
  readonly content: string;
  readonly check: Check;
  /** Taken back by the person; kept in sight, so that this can be undone. */
  readonly withdrawn: boolean;
}

/** What a person has put together and not sent. */
export interface Staged {
  readonly password: string;
  readonly deletions: readonly string[];
  readonly files: readonly StagedFile[];
}

export interface Wrong {
  readonly field: string;
  readonly detail: string;
}

export const NOTHING_STAGED: Staged = { password: "", deletions: [], files: [] };
export const PASSWORD_FIELD = "senha";
export const CERTIFICATES_FIELD = "certificados";
export const FILES_FIELD = "arquivos";

/** Adhesion guide, "Características do certificado digital". */
export const MOST_CERTIFICATES = 2;

export function offered(staged: Staged): readonly StagedFile[] {
  return staged.files.filter((file) => !file.withdrawn);
}

export function isEmpty(staged: Staged): boolean {
  return staged.password === "" && staged.deletions.length === 0 && offered(staged).length === 0;
}

export function changeOf(staged: Staged): Change {
  return {
    ...(staged.password === "" ? {} : { senha: staged.password }),
    adicionar: offered(staged).map(({ name, content }) => ({ nome: name, conteudo: content })),
    excluir: staged.deletions,
  };
}

/** What can be seen here and now to be wrong; the platform judges the whole again. */
export function obstacles(company: Company, staged: Staged): readonly Wrong[] {
  const files = offered(staged);
  const found: Wrong[] = [];
  if (staged.password !== "") {
    for (const fault of passwordFaults(staged.password, company.cnpj)) found.push(wrong(PASSWORD_FIELD, fault.detail));
  }
  if (company.situacao === "NAO_ADERIDO") {
    if (staged.password === "") {
      found.push(wrong(PASSWORD_FIELD, "informe a senha: ela é obrigatória na primeira adesão"));
    }
    if (files.length === 0) found.push(wrong(FILES_FIELD, "envie um certificado: a primeira adesão exige ao menos um"));
  } else if (isEmpty(staged)) {
    const detail = "nada foi alterado: informe uma nova senha, envie um certificado ou exclua um dos existentes";
    found.push(wrong(FILES_FIELD, detail));
  }
  return [...found, ...files.flatMap(unfit), ...twins(files), ...overfull(company, staged)];
}

/** The faults that the platform told, each led to the field or the file that it is about. */
export function wrongsOf(problem: Problem, staged: Staged): readonly Wrong[] {
  const files = offered(staged);
  return problem.faults.map(({ detail, pointer }) => {
    const index = /^#\/adicionar\/(\d+)/.exec(pointer ?? "")?.[1];
    const file = index === undefined ? undefined : files[Number(index)];
    if (file !== undefined) return wrong(file.id, `no arquivo ${file.name}, ${detail}`);
    if (pointer === "#/senha") return wrong(PASSWORD_FIELD, detail);
    return wrong(pointer === "#/excluir" ? CERTIFICATES_FIELD : FILES_FIELD, detail);
  });
}

/** Those of `wrongs` whose subject is as it was at the attempt that told them. */
export function standing(wrongs: readonly Wrong[], attempted: Staged, staged: Staged): readonly Wrong[] {
  const samePassword = staged.password === attempted.password;
  const ids = offered(staged).map((file) => file.id);
  const sameFiles = ids.join() === offered(attempted).map((file) => file.id).join();
  const sameDeletions = staged.deletions.join() === attempted.deletions.join();
  return wrongs.filter(({ field }) => {
    if (field === PASSWORD_FIELD) return samePassword;
    if (field === CERTIFICATES_FIELD) return sameDeletions;
    return field === FILES_FIELD ? samePassword && sameFiles && sameDeletions : ids.includes(field) && sameDeletions;
  });
}

/** Without the deletions of certificates that are there no more: somebody else was faster. */
export function pruned(staged: Staged, company: Company): Staged {
  const there = new Set(company.certificados.map((one) => one.impressaoDigital));
  return { ...staged, deletions: staged.deletions.filter((fingerprint) => there.has(fingerprint)) };
}

/** How many certificates the company would have afterwards. */
export function remaining(company: Company, staged: Staged): number {
  const staying = company.certificados.filter((one) => !staged.deletions.includes(one.impressaoDigital));
  return staying.length + offered(staged).length;
}

/** What concluding will do, a line each. */
export function intentions(company: Company, staged: Staged): readonly string[] {
  const deleted = company.certificados.filter((one) => staged.deletions.includes(one.impressaoDigital));
  return [
    ...(staged.password === "" ? [] : [company.situacao === "ADERIDO" ? "trocar a senha" : "definir a senha"]),
    ...offered(staged).map((file) =>
      isRefused(file) ? `adicionar ${file.name}, que foi recusado: retire-o antes` : `adicionar ${file.name}`,
    ),
    ...deleted.map((one) => `excluir ${one.nome}`),
  ];
}

/** A file that the platform could not be asked about is sent, and judged then; one that could not be read is not. */
function unfit(file: StagedFile): readonly Wrong[] {
  if (isRefused(file)) {
    return [wrong(file.id, `o arquivo ${file.name} não atende a todas as regras: retire-o e envie outro`)];
  }
  if (file.content !== "") return [];
  return [wrong(file.id, `não foi possível ler o arquivo ${file.name}: retire-o e escolha-o de novo`)];
}

function isRefused(file: StagedFile): boolean {
  return file.check.state === "judged" && !file.check.verification.aceito;
}

function twins(files: readonly StagedFile[]): readonly Wrong[] {
  const seen = new Map<string, string>();
  const found: Wrong[] = [];
  for (const file of files.filter((one) => one.content !== "")) {
    const twin = seen.get(file.content);
    if (twin === undefined) seen.set(file.content, file.name);
    else found.push(wrong(file.id, `o arquivo ${file.name} é o mesmo certificado que ${twin}: retire um dos dois`));
  }
  return found;
}

function overfull(company: Company, staged: Staged): readonly Wrong[] {
  const left = remaining(company, staged);
  if (left <= MOST_CERTIFICATES || offered(staged).length === 0) return [];
  const count = `a empresa ficaria com ${left} certificados e pode ter no máximo ${MOST_CERTIFICATES}`;
  return [wrong(FILES_FIELD, `${count}: exclua um existente ou retire um arquivo`)];
}

function wrong(field: string, detail: string): Wrong {
  return { field, detail: detail.charAt(0).toUpperCase() + detail.slice(1) };
}
