import type { JSX } from "preact";

import { session } from "../../application.ts";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { leave } from "../../session/beginning.ts";
import { LoginForm } from "./login-form.tsx";

/** Over the page, whose contents stay: what waited for a token goes on after the login. */
export function LapsedDialog(): JSX.Element {
  return (
    <Dialog title="O seu acesso venceu">
      <p>Entre de novo para continuar. O que você digitou continua na página, atrás desta janela.</p>
      <LoginForm fixedName={session.name ?? ""} />
      <p class="small soft">
        Quer sair? O que não foi enviado se perde. <Button kind="quiet" onPress={leave}>Sair</Button>
      </p>
    </Dialog>
  );
}
