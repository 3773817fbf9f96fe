import { initModel, nn, startWorkers } from "../../../mod.ts";

using workers = await startWorkers(2);
await initModel(() => new nn.Linear(10, 10), { workers });
