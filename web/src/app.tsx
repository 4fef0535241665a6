import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";

import { person, session } from "./application.ts";
import { Failure } from "./components/notice.tsx";
import { Page } from "./components/page.tsx";
import { Waiting } from "./components/progress.tsx";
import { Frame } from "./frame/frame.tsx";
import { accountRoutes } from "./pages/account/routes.ts";
import { adhesionRoutes } from "./pages/adhesion/routes.ts";
import { contractsRoutes } from "./pages/contracts/routes.ts";
import { EntrancePage } from "./pages/entrance/entrance-page.tsx";
import { LapsedDialog } from "./pages/entrance/lapsed-dialog.tsx";
import { HomePage } from "./pages/home/home-page.tsx";
import { monitoringRoutes } from "./pages/monitoring/routes.ts";
import { publicationRoutes } from "./pages/publication/routes.ts";
import { hrefOf, path } from "./routing/location.ts";
import { matched, type Route } from "./routing/routes.ts";
import { learnPerson } from "./session/beginning.ts";

const ROUTES: readonly Route[] = [
  { path: "/", page: HomePage, early: true },
  ...adhesionRoutes,
  ...contractsRoutes,
  ...monitoringRoutes,
  ...publicationRoutes,
  ...accountRoutes,
];

export function App(): JSX.Element {
  return (
    <Frame>
      <Place />
      {session.standing.value === "lapsed" && <LapsedDialog />}
    </Frame>
  );
}

function Place(): JSX.Element {
  const found = matched(ROUTES, path.value);
  const standing = session.standing.value;
  if (standing === "unknown" && !(found?.route.early && session.isKept)) return <Waiting>Abrindo…</Waiting>;
  if (standing === "out" && !found?.route.open) return <EntrancePage />;
  if (found === null) return <Nowhere />;
  const { route, parameters } = found;
  const shown = <route.page key={path.value} parameters={parameters} />;
  return route.open ? shown : <Known early={route.early ?? false}>{shown}</Known>;
}

interface KnownProps {
  readonly early: boolean;
  readonly children: JSX.Element;
}

/** Pages need to know who is there: what one may do decides what they show. */
function Known({ early, children }: KnownProps): JSX.Element {
  const [failure, setFailure] = useState<unknown>(null);
  const inside = session.standing.value !== "unknown";
  const known = person.value !== null;

  function learn(): void {
    setFailure(null);
    learnPerson().catch(setFailure);
  }

  useEffect(() => {
    if (inside && !known) learn();
  }, [inside, known]);
  if (known || (early && failure === null)) return children;
  return failure === null ? <Waiting>Carregando o seu acesso…</Waiting> : <Failure error={failure} onRetry={learn} />;
}

function Nowhere(): JSX.Element {
  return (
    <Page title="Página não encontrada">
      <p>
        O endereço não leva a nenhuma página. <a href={hrefOf("/")}>Voltar ao início</a>
      </p>
    </Page>
  );
}
