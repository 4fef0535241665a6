import type { Route } from "../../routing/routes.ts";
import { AccountPage } from "./account-page.tsx";

export const accountRoutes: readonly Route[] = [{ path: "/conta", page: AccountPage }];
