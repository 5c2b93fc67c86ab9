// What any Durable Object pays for two rows a request, and any Worker for an answer: the yardstick of `cargo xtask bench edge`.
//
// POST /{object}  the object of that name stores the body and a row that points to it, and answers 201
// GET  /          answered by the Worker alone

import { DurableObject } from "cloudflare:workers";

export class Bare extends DurableObject {
  constructor(state, env) {
    super(state, env);
    this.sql = state.storage.sql;
    this.sql.exec("CREATE TABLE IF NOT EXISTS body (id TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID");
    this.sql.exec("CREATE TABLE IF NOT EXISTS pointer (id TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID");
  }

  async fetch(request) {
    const text = await request.text();
    const id = crypto.randomUUID();
    this.sql.exec("INSERT INTO body (id, text) VALUES (?, ?)", id, text);
    this.sql.exec("INSERT INTO pointer (id, body) VALUES (?, ?)", `p-${id}`, id);
    return Response.json({ id }, { status: 201 });
  }
}

export default {
  async fetch(request, env) {
    if (request.method === "GET") return Response.json({ status: "ok" });
    const name = new URL(request.url).pathname;
    return env.BARE.get(env.BARE.idFromName(name)).fetch(request);
  },
};
