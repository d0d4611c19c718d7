import { jobHandlers } from "../jobs/handlers.ts";
import { serveTasks } from "./serve-tasks.ts";

serveTasks(jobHandlers, { nowMs: Date.now, random: Math.random });
