import { Unreachable } from "./problem.ts";

/** `sent` of `of` bytes have left this computer. */
export interface UploadProgress {
  readonly sent: number;
  readonly of: number;
}

export interface UploadOptions {
  readonly onProgress?: (progress: UploadProgress) => void;
  readonly signal?: AbortSignal;
}

/** Longer than the longest form lives: by then S3 refuses what is still on its way. */
const LONGEST_MILLISECONDS = 70 * 60 * 1000;

/** SHA-256, hex: what a form is asked for with. */
export async function sha256Of(file: Blob): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Send `file` by a form that the platform gave: its fields in their order, the file last.
 *
 * Throws `Unreachable` with a sentence for the person, or the signal's reason once it was aborted. `fetch` tells no
 * progress of what is sent, so this is XMLHttpRequest.
 */
export function uploadForm(
  url: string,
  fields: Readonly<Record<string, string>>,
  file: Blob,
  { onProgress, signal }: UploadOptions = {},
): Promise<void> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", file);
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.upload.onprogress = ({ loaded, total }) => {
      // The form's own lines count, too: the file is what people know the size of.
      const sent = Math.max(0, loaded - (total - file.size));
      onProgress?.({ sent: Math.min(sent, file.size), of: file.size });
    };
    request.onloadend = () => {
      signal?.removeEventListener("abort", abort);
      if (signal?.aborted) reject(signal.reason);
      else if (request.status >= 200 && request.status < 300) resolve();
      else reject(new Unreachable(sentenceFor(request.status)));
    };
    request.timeout = LONGEST_MILLISECONDS;
    request.open("POST", url);
    request.send(form);
  });
}

/** S3 answers in XML and in English; its status is enough to say what to do. */
export function sentenceFor(status: number): string {
  if (status === 0) {
    return "O envio do arquivo foi interrompido. Verifique a conexão e envie o mesmo arquivo de novo.";
  }
  if (status === 400) {
    return "O depósito recusou o arquivo: o tamanho mudou depois de escolhido. Escolha o arquivo de novo.";
  }
  if (status === 403) {
    return "O prazo deste envio terminou ou o relógio deste computador está errado. Escolha o arquivo de novo.";
  }
  return `O depósito de arquivos respondeu de um modo inesperado (${status}). Envie o mesmo arquivo de novo.`;
}
