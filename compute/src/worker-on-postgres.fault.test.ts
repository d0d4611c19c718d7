import { workerFaults } from "./worker-faults.contract.ts";

workerFaults(
  () => null,
  async (server) => {
    await server.pool.query("truncate bullmq.job cascade");
  },
);
