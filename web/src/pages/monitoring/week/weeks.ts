import { useEffect, useState } from "preact/hooks";

import type { WeekListed, WeeksTold, WeekTold } from "../../../api/messages.ts";
import { api } from "../../../application.ts";
import { useLoaded, type Loading } from "../../../components/loading.tsx";
import { inOrderOfWork } from "./standing.ts";

/** Every week, those that can be filled first. */
export function useWeeks(): Loading<readonly WeekListed[]> {
  return useLoaded(
    async (signal) => inOrderOfWork((await api.json<WeeksTold>("/prudencial/semanas", { signal })).semanas),
    [],
  );
}

/** One week with its parameters in force. */
export function useWeek(event: string): Loading<WeekTold> {
  return useLoaded((signal) => api.json<WeekTold>(`/prudencial/semanas/${encodeURIComponent(event)}`, { signal }), [event]);
}

/** The moment, told anew every `everyMs`. */
export function useNow(everyMs = 15_000): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
