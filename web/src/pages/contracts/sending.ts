import type { ImportAccepted } from "../../api/messages.ts";
import { sha256Of, uploadForm, type UploadOptions } from "../../api/upload.ts";
import { api } from "../../application.ts";
import type { ImportFile } from "./import-file.ts";

/** Larger files go by a form of their own, with progress; smaller ones in the request itself. */
const LARGEST_IN_REQUEST_BYTES = 512 * 1024;

/** The code by which the import is followed. The same file again, while it is worked off, has the same code. */
export async function sendImport(profile: number, file: ImportFile, options: UploadOptions): Promise<number> {
  const path = "/contratos/importacoes";
  const asked = { method: "POST", ...(options.signal === undefined ? {} : { signal: options.signal }) } as const;
  if (file.content.size <= LARGEST_IN_REQUEST_BYTES) {
    const accepted = await api.json<ImportAccepted>(path, { ...asked, body: { perfil: profile, arquivo: file.text } });
    return accepted.codigoProcessamento;
  }
  const body = { perfil: profile, tamanho: file.content.size, sha256: await sha256Of(file.content) };
  const { codigoProcessamento, envio } = await api.json<ImportAccepted>(path, { ...asked, body });
  if (envio !== null) await uploadForm(envio.url, envio.campos, file.content, options);
  return codigoProcessamento;
}
