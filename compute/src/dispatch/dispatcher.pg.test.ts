import { dispatcherContract } from "./dispatcher.contract.ts";

dispatcherContract(
  () => null,
  async (server) => {
    await server.pool.query("truncate bullmq.job cascade");
  },
);
