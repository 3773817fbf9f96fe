import { nn } from "../../../mod.ts";
import { initModel } from "../not_yet.ts";

await initModel!(() => new nn.Linear(10, 10), { workers: 2 });
// Workers may be kept for the next model.
Deno.exit();
