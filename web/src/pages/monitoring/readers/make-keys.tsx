import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";

import { Button } from "../../../components/button.tsx";
import { TextField } from "../../../components/field.tsx";
import { useFocusHeld } from "../../../components/focus.ts";
import { LeaveGuard } from "../../../components/leaving.tsx";
import { ErrorSummary, Notice, type Wrong } from "../../../components/notice.tsx";
import { saveAs } from "../../../components/saving.ts";
import { createReader, type ReaderMade } from "../../../sealing/reader-file.ts";
import { requireReaderId } from "../../../sealing/readers.ts";
import { SealRefused } from "../../../sealing/refusals.ts";
import { keepKeys } from "../desk/login-keys.ts";
import { weaknessOf } from "./passphrase.ts";

export interface MakeKeysProps {
  /** Names that this browser holds already. */
  readonly taken: readonly string[];
  readonly onDone: () => void;
}

const FIELDS = { id: "chave-id", passphrase: "chave-senha", again: "chave-senha-2" } as const;

/** New keys: named, put under a passphrase, and downloaded before anything can be sealed to them. */
export function MakeKeys({ taken, onDone }: MakeKeysProps): JSX.Element {
  const [made, setMade] = useState<ReaderMade | null>(null);
  const part = useRef<HTMLDivElement>(null);
  useFocusHeld(part, () => part.current);
  return (
    <div tabIndex={-1} ref={part}>
      {made ? <Made made={made} onDone={onDone} /> : <KeysForm taken={taken} onMade={setMade} onCancel={onDone} />}
    </div>
  );
}

interface KeysFormProps {
  readonly taken: readonly string[];
  readonly onMade: (made: ReaderMade) => void;
  readonly onCancel: () => void;
}

function KeysForm({ taken, onMade, onCancel }: KeysFormProps): JSX.Element {
  const [id, setId] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [attempt, setAttempt] = useState(0);
  const wrongs = wrongsOf({ id, passphrase, again }, taken);
  const told = attempt > 0 ? wrongs : [];
  const errorOf = (field: string): string | null => told.find((one) => one.field === field)?.detail ?? null;

  async function make(): Promise<void> {
    setAttempt(attempt + 1);
    if (wrongs.length > 0) return;
    const reader = await createReader(id, passphrase);
    download(reader);
    onMade(reader);
  }

  return (
    <form
      class="panel stack"
      aria-labelledby="criar-chaves"
      onSubmit={(event) => {
        event.preventDefault();
      }}
    >
      <h2 id="criar-chaves" tabIndex={-1}>Criar chaves</h2>
      {told.length > 0 && <ErrorSummary wrongs={told} attempt={attempt} />}
      <div class="columns">
        <TextField
          id={FIELDS.id}
          label="Nome da chave"
          hint="Letras, algarismos, ponto, hífen ou sublinhado; aparece para os colegas."
          value={id}
          onInput={setId}
          error={errorOf(FIELDS.id)}
          autocomplete="off"
          maxLength={64}
        />
        <TextField
          id={FIELDS.passphrase}
          label="Senha do arquivo"
          hint="Ao menos 12 caracteres, 6 deles diferentes. Uma frase serve bem. Ninguém a recupera."
          type="password"
          value={passphrase}
          onInput={setPassphrase}
          error={errorOf(FIELDS.passphrase)}
          autocomplete="new-password"
        />
        <TextField
          id={FIELDS.again}
          label="Senha do arquivo, de novo"
          type="password"
          value={again}
          onInput={setAgain}
          error={errorOf(FIELDS.again)}
          autocomplete="new-password"
        />
      </div>
      <div class="row">
        <Button kind="primary" type="submit" onPress={make}>
          Criar e baixar o arquivo
        </Button>
        <Button onPress={onCancel}>Cancelar</Button>
      </div>
    </form>
  );
}

function Made({ made, onDone }: { readonly made: ReaderMade; readonly onDone: () => void }): JSX.Element {
  const name = fileName(made);
  const [kept, setKept] = useState(false);
  return (
    <Notice tone="accent" headline={`Guarde o arquivo ${name}`} live>
      <LeaveGuard unsaved={!kept} what="O par de chaves recém-criado" />
      <p>
        Ele foi baixado agora e só existe nesse arquivo. Sem ele e sem a senha, o que for cifrado para estas chaves se
        perde quando este navegador as esquecer. Guarde-o como guarda o certificado da empresa.
      </p>
      <div class="row">
        <Button
          kind="primary"
          onPress={async () => {
            await keepKeys(made.keys);
            setKept(true);
            onDone();
          }}
        >
          Já guardei: usar estas chaves
        </Button>
        <Button onPress={() => download(made)}>Baixar outra vez</Button>
      </div>
    </Notice>
  );
}

function download(made: ReaderMade): void {
  saveAs(fileName(made), new Blob([made.file], { type: "application/jose" }));
}

function fileName(made: ReaderMade): string {
  return `${made.keys.reader.id}.chaves`;
}

interface Typed {
  readonly id: string;
  readonly passphrase: string;
  readonly again: string;
}

function wrongsOf({ id, passphrase, again }: Typed, taken: readonly string[]): readonly Wrong[] {
  const wrongs: Wrong[] = [];
  const name = nameFault(id, taken);
  if (name !== null) wrongs.push({ field: FIELDS.id, detail: name });
  const weak = weaknessOf(passphrase, id);
  if (weak !== null) wrongs.push({ field: FIELDS.passphrase, detail: weak });
  else if (passphrase !== again) wrongs.push({ field: FIELDS.again, detail: "As duas senhas não são iguais." });
  return wrongs;
}

function nameFault(id: string, taken: readonly string[]): string | null {
  if (id === "") return "Informe o nome da chave.";
  if (taken.includes(id)) return `Já há chaves com o nome ${id} neste navegador: escolha outro.`;
  try {
    requireReaderId(id);
    return null;
  } catch (refusal) {
    if (!(refusal instanceof SealRefused)) throw refusal;
    return "O nome da chave tem de 1 a 64 letras sem acento, algarismos, ponto, hífen ou sublinhado.";
  }
}
