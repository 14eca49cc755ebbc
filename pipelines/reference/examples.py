"""An example of each step and treatment; every one is compiled and run by a test."""

STEPS = {
    "drop": "{step: drop, id: health, when: 'message.path == \"/healthz\"', reason: health_check}",
    "keep": "{step: keep, id: needed, fields: [order_id, amount, customer.country]}",
    "remove": "{step: remove, id: debug, fields: [debug, 'items[*].internal']}",
    "set": "{step: set, id: total, field: total, value: 'double(message.price) * 1.19'}",
    "rename": "{step: rename, id: when, from: ts, to: event.time}",
    "cast": "{step: cast, id: amount, field: amount, to: double, on_error: 'null'}",
    "parse": "{step: parse, id: line, field: line, format: logfmt, into: log}",
    "sample": "{step: sample, id: share, ratio: 0.1, by: message.user_id}",
    "route": "{step: route, id: eu, to: orders.clean.eu, when: 'message.country == \"DE\"'}",
    "enrich": "{step: enrich, id: region, table: regions, key: message.country, into: region}",
    "delay": "{step: delay, id: settle, for: 30s, when: 'message.country == \"DE\"'}",
    "throttle": "{step: throttle, id: busy, rate: 100/s, per: message.user_id, excess: drop}",
}
"""YAML of one step, by verb."""

TREATMENTS = {
    "redact": "{redact: {}}",
    "replace": '{replace: {with: "<{entity}>"}}',
    "mask": "{mask: {keep_last: 4}}",
    "hash": "{hash: {key: customers}}",
    "tokenize": "{tokenize: {key: customers, scope: email}}",
    "remove": "{remove: {}}",
    "keep": "{keep: {}}",
}
"""YAML of one treatment, by verb; in place of the field `email`."""
