import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { api, person } from "../../application.ts";
import type { LinkTold } from "../../api/messages.ts";
import { Problem } from "../../api/problem.ts";
import { Button } from "../../components/button.tsx";
import { SelectField, TextField } from "../../components/field.tsx";
import { Form, useSubmission } from "../../components/form.tsx";
import { Shown, useLoaded } from "../../components/loading.tsx";
import { Failure, Notice } from "../../components/notice.tsx";
import { momentText } from "../../format/moments.ts";

/** Where a company publishes its own factor, registered by who acts for it. */
export function OwnAddressPanel(): JSX.Element | null {
  const companies = (person.value?.empresas ?? []).filter((company) => company.pode.includes("PRUDENCIAL"));
  const [cnpj, setCnpj] = useState(companies[0]?.cnpj ?? "");
  if (companies.length === 0) return null;
  return (
    <section class="panel stack" aria-labelledby="endereco-proprio">
      <h2 id="endereco-proprio">Onde a sua empresa divulga o fator</h2>
      <p class="soft small">O endereço registrado aparece ao lado do agente nas listas publicadas.</p>
      <SelectField
        label="Empresa"
        value={cnpj}
        onChange={setCnpj}
        options={companies.map((company) => ({ value: company.cnpj, text: company.sigla }))}
      />
      <Address key={cnpj} cnpj={cnpj} />
    </section>
  );
}

function Address({ cnpj }: { readonly cnpj: string }): JSX.Element {
  const path = `/prudencial/agentes/${cnpj}/divulgacao`;
  const registered = useLoaded((signal) => addressOf(path, signal), [cnpj]);
  return (
    <Shown loading={registered} what="o endereço registrado">
      {(told) => <AddressForm path={path} told={told} onRegistered={registered.put} />}
    </Shown>
  );
}

interface AddressFormProps {
  readonly path: string;
  readonly told: LinkTold | null;
  readonly onRegistered: (told: LinkTold) => void;
}

function AddressForm({ path, told, onRegistered }: AddressFormProps): JSX.Element {
  const [typed, setTyped] = useState(told?.endereco ?? "");
  const [wrong, setWrong] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const submission = useSubmission(async () => {
    setWrong(null);
    setDone(false);
    try {
      onRegistered(await api.json<LinkTold>(path, { method: "PUT", body: { endereco: typed.trim() } }));
      setDone(true);
    } catch (error) {
      if (error instanceof Problem && error.faults.length > 0)
        setWrong(error.faults.map((fault) => fault.detail).join("; "));
      else throw error;
    }
  });

  return (
    <Form submission={submission}>
      {submission.failure !== null && <Failure error={submission.failure} />}
      {done && <Notice tone="good" headline="Endereço registrado" live />}
      <TextField
        label="Endereço"
        hint="Começa com https:// e leva à página pública da empresa."
        placeholder="https://www.empresa.com.br/fator-de-alavancagem"
        maxLength={500}
        value={typed}
        onInput={setTyped}
        error={wrong}
      />
      <div>
        <Button type="submit" busy={submission.busy}>
          Registrar endereço
        </Button>
      </div>
      {told !== null && told.historico.length > 0 && (
        <details>
          <summary>Histórico ({told.historico.length})</summary>
          <ul class="stack tight small">
            {told.historico.map((entry) => (
              <li key={entry.em}>
                {momentText(entry.em)}, {entry.quem}: <code>{entry.endereco}</code>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Form>
  );
}

/** Null where none was registered yet. */
async function addressOf(path: string, signal: AbortSignal): Promise<LinkTold | null> {
  try {
    return await api.json<LinkTold>(path, { signal });
  } catch (error) {
    if (error instanceof Problem && error.slug === "nada-a-ler") return null;
    throw error;
  }
}
