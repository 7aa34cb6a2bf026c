declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Makes a server that speaks DynamoDB's API; tables live in memory unless `path` is given. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    path?: string;
  }): Server;
}
