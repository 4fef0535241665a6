import type { Route } from "../../../routing/routes.ts";
import { ReadersPage } from "./readers-page.tsx";

export const readersRoutes: readonly Route[] = [{ path: "/prudencial/leitores", page: ReadersPage }];
