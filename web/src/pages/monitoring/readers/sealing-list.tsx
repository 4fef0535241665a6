import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { Button } from "../../../components/button.tsx";
import { Dialog } from "../../../components/dialog.tsx";
import { FileDrop } from "../../../components/file-drop.tsx";
import { Shown, useLoaded } from "../../../components/loading.tsx";
import { Failure, Notice } from "../../../components/notice.tsx";
import { MOST_READERS, readReader, Readers, type Reader } from "../../../sealing/readers.ts";
import { colleaguesOf, keepColleagues, listsVersion, loginKeys } from "../desk/login-keys.ts";
import type { Sender } from "../week/senders.ts";
import { Fingerprint } from "./fingerprint.tsx";

/** Who will be able to read what is sealed for this sender: who signs, and the colleagues that were added. */
export function SealingList({ sender }: { readonly sender: Sender }): JSX.Element {
  const version = listsVersion();
  const loading = useLoaded(() => colleaguesOf(sender.cnpj), [sender.cnpj, version]);
  const own = loginKeys.value?.own?.reader ?? null;
  const [removed, setRemoved] = useState<Reader | null>(null);
  return (
    <section class="panel stack" aria-labelledby="lista-de-leitores">
      <div class="stack tight">
        <h2 id="lista-de-leitores">Lista de leitores de {sender.sigla}</h2>
        <p class="soft small">
          De um a {MOST_READERS} leitores abrem o que você cifrar em nome de {sender.sigla}. Um só leitor é um só ponto de
          perda: junte ao menos um colega. Portfólio e contrapartes de um agente vão com a mesma lista.
        </p>
      </div>
      <Shown loading={loading} what="a lista">
        {(colleagues) => {
          const others = colleagues.filter((one) => one.id !== own?.id);
          return (
            <>
              <ul class="readers">
                {own && (
                  <li class="reader">
                    <div class="stack tight">
                      <span>
                        <strong>{own.id}</strong> (você)
                      </span>
                      <Fingerprint reader={own} />
                    </div>
                  </li>
                )}
                {others.map((one) => (
                  <li class="reader" key={one.id}>
                    <div class="stack tight">
                      <strong>{one.id}</strong>
                      <Fingerprint reader={one} />
                    </div>
                    <Button
                      kind="danger"
                      label={`Retirar ${one.id} da lista`}
                      onPress={() => {
                        setRemoved(one);
                        keepColleagues(sender.cnpj, others.filter((other) => other !== one));
                      }}
                    >
                      Retirar
                    </Button>
                  </li>
                ))}
              </ul>
              {removed && !others.some((one) => one.id === removed.id) && (
                <Notice tone="calm" live>
                  <div class="row ends">
                    <p>{removed.id} saiu da lista. O que já foi cifrado continua aberto para essa pessoa.</p>
                    <Button
                      onPress={() => {
                        keepColleagues(sender.cnpj, [...others, removed]);
                        setRemoved(null);
                      }}
                    >
                      Desfazer
                    </Button>
                  </div>
                </Notice>
              )}
              {own && <AddColleague own={own} others={others} onAdd={(all) => keepColleagues(sender.cnpj, all)} />}
            </>
          );
        }}
      </Shown>
    </section>
  );
}

interface AddColleagueProps {
  readonly own: Reader;
  readonly others: readonly Reader[];
  readonly onAdd: (all: readonly Reader[]) => void;
}

function AddColleague({ own, others, onAdd }: AddColleagueProps): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);
  const [candidate, setCandidate] = useState<Reader | null>(null);

  async function read(file: File): Promise<void> {
    setFailure(null);
    try {
      setCandidate(await readerIn(file, [own, ...others]));
    } catch (refusal) {
      setFailure(refusal);
    }
  }

  return (
    <>
      <FileDrop
        label="Adicionar um colega"
        hint="O arquivo com a parte pública da chave dele (.json), desta página ou do comando “aval leitor publicar”."
        accept=".json"
        onFiles={([file]) => file && read(file)}
      />
      {failure !== null && <Failure error={failure} />}
      {candidate && (
        <Dialog title={`Adicionar ${candidate.id} à lista?`} onClose={() => setCandidate(null)}>
          <p>Confira a impressão com {candidate.id} por outro meio, como o telefone:</p>
          <p>
            <Fingerprint reader={candidate} />
          </p>
          <div class="row">
            <Button
              kind="primary"
              onPress={() => {
                onAdd([...others, candidate]);
                setCandidate(null);
              }}
            >
              A impressão confere: juntar
            </Button>
            <Button onPress={() => setCandidate(null)}>Não juntar</Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

const LARGEST_PUBLIC_FILE = 16_384;

/** Throws what refuses the file, or a list with its reader in it. */
async function readerIn(file: File, listed: readonly Reader[]): Promise<Reader> {
  let told: unknown;
  try {
    if (file.size > LARGEST_PUBLIC_FILE) throw new RangeError("too large");
    told = JSON.parse(await file.text());
  } catch (cause) {
    throw new NoPublicFile(cause);
  }
  const reader = await readReader(told);
  await Readers.of([...listed, reader]);
  return reader;
}

class NoPublicFile extends Error {
  readonly detail = "O arquivo não é a parte pública de uma chave de leitor. Peça ao colega o arquivo .json, e não o .chaves.";

  constructor(cause: unknown) {
    super("no public file", { cause });
  }
}
