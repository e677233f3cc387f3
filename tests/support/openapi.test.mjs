// The check itself: what the document does not have fails, and says where.
import assert from "node:assert/strict";
import {test} from "node:test";
import {Document, document} from "./openapi.mjs";

const small = new Document(`
openapi: 3.1.0
paths:
  /things/{id}:
    get:
      parameters: [{name: limit, in: query, schema: {type: integer}}]
      responses:
        "200": {description: It, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
        "404": {$ref: "#/components/responses/NotFound"}
    post:
      requestBody: {content: {application/json: {schema: {type: object, additionalProperties: false, properties: {name: {type: string}}}}}}
      responses:
        "204": {description: Done}
  /things/newest:
    get:
      responses:
        "200": {description: It, content: {application/json: {schema: {$ref: "#/components/schemas/Thing"}}}}
components:
  responses:
    NotFound: {description: None, content: {application/problem+json: {schema: {$ref: "#/components/schemas/Problem"}}}}
  schemas:
    Problem: {type: object, required: [type], properties: {type: {type: string}}}
    Thing: {type: object, additionalProperties: false, required: [id], properties: {id: {type: integer}, at: {type: string, format: date-time}}}
`);
const got = {method: "GET", target: "/things/7", status: 200, type: "application/json", body: {id: 7}};
const complaints = changed => small.complaints({...got, ...changed});

test("what the document has is right", () => {
  assert.deepEqual(complaints({}), []);
  assert.deepEqual(complaints({target: "/things/7?limit=3"}), []);
  assert.deepEqual(complaints({body: {id: 7, at: "2026-11-23T04:12:00.123Z"}}), []);
  assert.deepEqual(complaints({status: 404, type: "application/problem+json", body: {type: "urn:x"}}), []);
  assert.deepEqual(complaints({method: "POST", status: 204, type: undefined, body: null, sent: {name: "x"}}), []);
});

test("a path, a status, a kind of content or a parameter that it does not have is named", () => {
  assert.deepEqual(complaints({target: "/others"}), ["GET /others answered 200: this is not in the document"]);
  assert.deepEqual(complaints({method: "DELETE"}), ["DELETE /things/{id} answered 200: this is not in the document"]);
  assert.deepEqual(complaints({status: 201}), ["GET /things/{id} answered 201: the document has no such status there"]);
  assert.deepEqual(complaints({type: "text/csv"}), ["GET /things/{id} answered 200 with text/csv: the document has application/json"]);
  assert.deepEqual(complaints({target: "/things/7?most=3"}), ["GET /things/{id} answered 200: the document has no parameter most"]);
  assert.deepEqual(complaints({method: "POST", status: 204, body: {id: 7}}), ["POST /things/{id} answered 204: the document has no body there"]);
});

test("a field that is missing, wrong or nowhere documented is named with its place", () => {
  assert.deepEqual(complaints({body: {id: 7, secret: 1}}), ["GET /things/{id} answered 200: / must NOT have additional properties (secret)"]);
  assert.deepEqual(complaints({body: {}}), ["GET /things/{id} answered 200: / must have required property 'id'"]);
  assert.deepEqual(complaints({body: {id: "7"}}), ["GET /things/{id} answered 200: /id must be integer"]);
  assert.deepEqual(complaints({body: {id: 7, at: "yesterday"}}), ['GET /things/{id} answered 200: /at must match format "date-time"']);
});

test("what the daemon took and the document forbids is named", () => {
  assert.deepEqual(complaints({method: "POST", status: 204, type: undefined, body: null, sent: {title: "x"}}),
    ["POST /things/{id} answered 204, its request: / must NOT have additional properties (title)"]);
});

test("a path without braces goes first", () => {
  assert.equal(small.path_of("/things/newest"), "/things/newest");
  assert.equal(small.path_of("/things/7"), "/things/{id}");
});

test("an unknown path is a problem, as the daemon's router says it", () => {
  assert.deepEqual(complaints({target: "/nowhere", status: 404, type: "application/problem+json", body: {type: "urn:x"}}), []);
  assert.notDeepEqual(complaints({target: "/nowhere", status: 404, type: "application/problem+json", body: {}}), []);
});

test("every reference in Kith's own document leads somewhere, and nothing in it is unused", () => {
  const used = new Set();
  const walk = value => {
    if (value?.$ref) used.add(value.$ref);
    if (value && typeof value === "object") Object.values(value).forEach(walk);
  };
  walk(document.all);
  for (const ref of used) assert.ok(ref.slice(2).split("/").reduce((o, key) => o?.[key], document.all), `${ref} leads nowhere`);
  for (const kind of ["headers", "parameters", "requestBodies", "responses", "schemas"])
    for (const name of Object.keys(document.all.components[kind])) assert.ok(used.has(`#/components/${kind}/${name}`), `${kind}/${name} is not used`);
  const ids = Object.values(document.all.paths).flatMap(path => Object.values(path)).map(operation => operation.operationId);
  assert.equal(new Set(ids).size, ids.length, "two operations have one operationId");
});
