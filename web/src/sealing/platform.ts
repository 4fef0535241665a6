import type { ApiClient } from "../api/client.ts";

/** How the platform is asked: `ApiClient` does. Throws `Problem` for a refusal, `Unreachable` where no answer comes. */
export type Platform = Pick<ApiClient, "answer">;
