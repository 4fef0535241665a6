import { countText, decimalText } from "../../format/numbers.ts";

/** What a form for uploads takes at the most (docs/contracts-json.md). */
export const LARGEST_FILE_BYTES = 50 * 1024 * 1024;

const KINDS: Readonly<Record<string, string>> = {
  contratoscceal: "CCEAL",
  contratoscbr: "CBR",
};
// What may stand before the root: mark, declaration, comments, instructions.
const BEFORE_ROOT = /^(?:\ufeff|\s+|<\?[\s\S]*?\?>|<!--[\s\S]*?-->)*/;
const ROOT = /^<(?:[\w.-]+:)?([\p{L}\w.-]+)/u;
const ROW = /<(?:[\w.-]+:)?Contrato[\s>/]/giu;

/** A file that was chosen and looked at; nothing of it has left this computer. */
export interface ImportFile {
  readonly name: string;
  /** In UTF-8, whatever the file was written in. */
  readonly content: Blob;
  readonly text: string;
  readonly kind: string;
  readonly rows: number;
  /** It was not UTF-8 and was read as what spreadsheets and older systems write here. */
  readonly recoded: boolean;
}

/** The file cannot be an import; `detail` says why and what to do. */
export class ImportFileRefused extends Error {
  override readonly name = "ImportFileRefused";
  readonly detail: string;

  constructor(detail: string) {
    super(detail);
    this.detail = detail;
  }
}

/** A look before sending, so that a wrong file is known at once; the platform judges the rest row by row. */
export async function readImportFile(file: Blob & { readonly name: string }): Promise<ImportFile> {
  if (file.size === 0) throw new ImportFileRefused(`O arquivo ${file.name} está vazio. Gere o arquivo de novo.`);
  if (file.size > LARGEST_FILE_BYTES) {
    throw new ImportFileRefused(
      `O arquivo ${file.name} tem ${sizeText(file.size)}; o limite é ${sizeText(LARGEST_FILE_BYTES)}. Divida-o em arquivos menores.`,
    );
  }
  const { text, recoded } = decoded(new Uint8Array(await file.arrayBuffer()), file.name);
  const kind = kindOf(text, file.name);
  const content = recoded ? new Blob([text]) : file;
  return { name: file.name, content, text, kind, rows: text.match(ROW)?.length ?? 0, recoded };
}

/** `1,5 MB`: in the units in which computers here show files. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${countText(Math.round(bytes / 1024))} KB`;
  return `${decimalText((bytes / (1024 * 1024)).toFixed(1).replace(/\.0$/, ""))} MB`;
}

function decoded(bytes: Uint8Array, name: string): { readonly text: string; readonly recoded: boolean } {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    throw new ImportFileRefused(`O arquivo ${name} está em UTF-16. Salve-o em UTF-8 e escolha-o de novo.`);
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), recoded: false };
  } catch {
    // The published examples declare ISO-8859-1; browsers read that name as windows-1252 (WHATWG, Encoding).
    return { text: new TextDecoder("windows-1252").decode(bytes), recoded: true };
  }
}

function kindOf(text: string, name: string): string {
  const root = ROOT.exec(text.replace(BEFORE_ROOT, ""));
  if (root === null) {
    throw new ImportFileRefused(
      `O arquivo ${name} não é XML. Envie o arquivo de importação da CCEE, que começa por ContratosCCEAL ou ContratosCBR.`,
    );
  }
  const kind = KINDS[folded(root[1] ?? "")];
  if (kind === undefined) {
    throw new ImportFileRefused(
      `O arquivo ${name} começa por ${root[1]}, que esta importação não aceita. Envie um de ContratosCCEAL ou ContratosCBR.`,
    );
  }
  return kind;
}

function folded(name: string): string {
  return name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
