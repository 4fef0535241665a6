import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

import { sentenceOf } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { SelectField } from "../../components/field.tsx";
import { FileDrop } from "../../components/file-drop.tsx";
import { LeaveGuard } from "../../components/leaving.tsx";
import { ErrorSummary, Failure, Notice, type Wrong } from "../../components/notice.tsx";
import { Progress } from "../../components/progress.tsx";
import { countText } from "../../format/numbers.ts";
import { go } from "../../routing/location.ts";
import { readImportFile, sizeText, type ImportFile } from "./import-file.ts";
import type { OwnProfile } from "./profile-lists.ts";
import { sendImport } from "./sending.ts";

type Sending =
  | { readonly state: "resting" }
  | { readonly state: "starting" }
  | { readonly state: "uploading"; readonly sent: number; readonly of: number }
  | { readonly state: "accepted"; readonly code: number };

/** A file of contracts: through which profile, which file, and a last look before it goes. */
export function ImportForm({ profiles }: { readonly profiles: readonly OwnProfile[] }): JSX.Element {
  const [profile, setProfile] = useState(profiles.length === 1 ? String(profiles[0]?.code) : "");
  const [file, setFile] = useState<ImportFile | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [wrongs, setWrongs] = useState<readonly Wrong[]>([]);
  const [attempt, setAttempt] = useState(0);
  const [failure, setFailure] = useState<unknown>(null);
  const [sending, setSending] = useState<Sending>({ state: "resting" });
  const controller = useRef<AbortController | null>(null);

  async function choose([chosen]: readonly File[]): Promise<void> {
    if (chosen === undefined) return;
    setRefusal(null);
    setFailure(null);
    setFile(null);
    setWrongs(without("arquivo"));
    await readImportFile(chosen).then(setFile, (error: unknown) => setRefusal(sentenceOf(error)));
  }

  async function send(): Promise<void> {
    const missing = missingOf(profile, file);
    setWrongs(missing);
    setAttempt((before) => before + 1);
    setFailure(null);
    if (missing.length > 0 || file === null) return;
    const mine = new AbortController();
    controller.current = mine;
    setSending({ state: "starting" });
    try {
      const code = await sendImport(Number(profile), file, {
        signal: mine.signal,
        onProgress: ({ sent, of }) => setSending({ state: "uploading", sent, of }),
      });
      setSending({ state: "accepted", code });
    } catch (error) {
      if (!mine.signal.aborted) setFailure(error);
      setSending({ state: "resting" });
    }
  }

  // Only once the guard below has let go: nothing is unsaved any more.
  useEffect(() => {
    if (sending.state === "accepted") go(`/contratos/importacoes/${sending.code}`);
  }, [sending.state]);

  const without = (field: string): readonly Wrong[] => wrongs.filter((wrong) => wrong.field !== field);
  const errorAt = (field: string): string | undefined => wrongs.find((wrong) => wrong.field === field)?.detail;
  const busy = sending.state === "starting" || sending.state === "uploading";
  return (
    <section class="panel stack" aria-labelledby="novo-arquivo">
      <h2 id="novo-arquivo">Importar um arquivo</h2>
      <ErrorSummary wrongs={wrongs} attempt={attempt} />
      <div class="import-profile">
        <SelectField
          id="perfil"
          label="Perfil de agente"
          hint="As linhas são julgadas como atos deste perfil: o vendedor registra e ajusta, o comprador valida."
          value={profile}
          options={[
            ...(profiles.length === 1 ? [] : [{ value: "", text: "Escolha o perfil" }]),
            ...profiles.map(({ code, sigla }) => ({ value: String(code), text: `${sigla} (${code})` })),
          ]}
          error={errorAt("perfil")}
          disabled={busy}
          onChange={(chosen) => {
            setProfile(chosen);
            setWrongs(without("perfil"));
          }}
        />
      </div>
      <FileDrop
        id="arquivo"
        error={errorAt("arquivo")}
        label={file === null ? "Escolher arquivo" : "Trocar de arquivo"}
        hint="Arquivo XML ContratosCCEAL ou ContratosCBR, o mesmo do serviço SOAP, de até 50 MB. Você também pode soltá-lo aqui."
        accept=".xml,.txt,text/xml,application/xml,text/plain"
        disabled={busy}
        onFiles={choose}
      />
      {refusal !== null && (
        <Notice tone="bad" live>
          <p>{refusal}</p>
        </Notice>
      )}
      {file !== null && <Chosen file={file} />}
      {failure !== null && <Failure error={failure} />}
      {sending.state === "uploading" && <Uploading sent={sending.sent} of={sending.of} />}
      <div class="row">
        <Button kind="primary" busy={busy} onPress={send}>
          {busy ? "Enviando…" : "Importar"}
        </Button>
        {busy && <Button onPress={() => controller.current?.abort()}>Parar o envio</Button>}
      </div>
      <LeaveGuard unsaved={busy} what={`O arquivo ${file?.name ?? ""}`} />
    </section>
  );
}

function missingOf(profile: string, file: ImportFile | null): readonly Wrong[] {
  const wrongs: Wrong[] = [];
  if (profile === "") wrongs.push({ field: "perfil", detail: "Escolha o perfil de agente pelo qual o arquivo é enviado." });
  if (file === null) wrongs.push({ field: "arquivo", detail: "Escolha o arquivo a importar." });
  return wrongs;
}

function Chosen({ file }: { readonly file: ImportFile }): JSX.Element {
  const rows = file.rows === 1 ? "1 linha" : `${countText(file.rows)} linhas`;
  return (
    <Notice tone="calm" headline={file.name} live>
      <p>{`Contratos ${file.kind}, ${rows}, ${sizeText(file.content.size)}.`}</p>
      {file.recoded && (
        <p class="small">O arquivo não está em UTF-8; foi lido como ISO-8859-1 e será enviado em UTF-8. Confira os acentos no resultado.</p>
      )}
    </Notice>
  );
}

function Uploading({ sent, of }: { readonly sent: number; readonly of: number }): JSX.Element {
  // In KB: bytes are too many digits to be read while they change.
  return <Progress label="Arquivo enviado, em KB" done={Math.round(sent / 1024)} of={Math.round(of / 1024)} />;
}
