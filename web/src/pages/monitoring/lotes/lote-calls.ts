import type { LoteAnnounced, LoteKind, LotesTold, LoteTold } from "../../../api/messages.ts";
import { uploadForm } from "../../../api/upload.ts";
import { api, apiOfThisLogin } from "../../../application.ts";
import { LotesInStorage, openLoteAnswer, sealLote, type LotePiece } from "../../../sealing/lotes.ts";
import type { WeekDesk } from "../../../sealing/week-desk.ts";
import { sentOf } from "./lotes.ts";

export interface LoteFile {
  readonly kind: LoteKind;
  readonly name: string;
  readonly content: Uint8Array;
  readonly allOrNothing: boolean;
}

/** How far a sending is, in words, and in hundredths while there are any. */
export type OnStage = (stage: string, percent?: number) => void;

/** Seal, announce and upload; returns the platform's code of the lote, which goes on by itself. */
export async function sendLote(desk: WeekDesk, file: LoteFile, onStage: OnStage, signal?: AbortSignal): Promise<string> {
  const platform = apiOfThisLogin();
  onStage("Cifrando o arquivo neste computador…");
  const { sealed, sent } = await sealLote(desk, file.kind, file.content);
  onStage("Anunciando o lote…");
  const announced = await platform.json<LoteAnnounced>(folderOf(sent.event), {
    method: "POST",
    body: {
      remetente: sent.sender,
      tipo: file.kind,
      nomeDoArquivo: file.name,
      tamanho: sealed.bytes.length,
      sha256: sent.identity,
      tudoOuNada: file.allOrNothing,
    },
    ...(signal === undefined ? {} : { signal }),
  });
  sentLotes(desk).keep(announced.lote, sent);
  await uploadForm(announced.url, announced.campos, new Blob([sealed.bytes]), {
    onProgress: ({ sent: done, of }) => {
      const percent = of === 0 ? 0 : Math.floor((100 * done) / of);
      onStage(`Enviando o arquivo cifrado… ${percent} %`, percent);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  return announced.lote;
}

export async function lotesOf(event: string, sender: string, signal?: AbortSignal): Promise<readonly LoteTold[]> {
  const query = new URLSearchParams({ remetente: sender });
  const told = await api.json<LotesTold>(`${folderOf(event)}?${query}`, signal === undefined ? {} : { signal });
  return told.lotes;
}

export function loteTold(event: string, lote: string, signal?: AbortSignal): Promise<LoteTold> {
  return api.json<LoteTold>(`${folderOf(event)}/${encodeURIComponent(lote)}`, signal === undefined ? {} : { signal });
}

/** All sealed answers of `lote`, opened here and held against what was sent. Throws `SealRefused`. */
export async function openedPieces(
  desk: WeekDesk,
  lote: LoteTold,
  onOpened: (opened: number, of: number) => void = () => undefined,
): Promise<readonly LotePiece[]> {
  const platform = apiOfThisLogin();
  const sent = sentOf(lote, sentLotes(desk).of(lote.lote));
  const pieces: LotePiece[] = [];
  for (let number = 0; number < lote.respostas; number++) {
    const sealed = await platform.text(`${folderOf(lote.evento)}/${lote.lote}/respostas/${number}`);
    pieces.push(await openLoteAnswer(desk, sent, sealed, { lote: lote.lote, number, of: lote.respostas }));
    onOpened(number + 1, lote.respostas);
  }
  return pieces;
}

function folderOf(event: string): string {
  return `/prudencial/semanas/${encodeURIComponent(event)}/lotes`;
}

function sentLotes(desk: WeekDesk): LotesInStorage {
  return new LotesInStorage(localStorage, desk.given.code.root);
}
