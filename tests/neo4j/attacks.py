"""Ways to make a question do more than ask: `{port}` is a port of this machine, `{file}` a file on it."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

SECRET = "nobody-may-read-this"

WRITES = """
CREATE (n:Team {id: 'x'})
create (n:Team {id: 'x'}) return n.id as id
MERGE (n:Team {id: 'x'}) RETURN n.id AS id
INSERT (n:Team {id: 'x'})
MATCH (t:Team) SET t.visits = 0
MATCH (t:Team) SET t += {visits: 0} RETURN count(*) AS n
MATCH (t:Team) SET t:Other
MATCH (t:Team) SET t['visits'] = 0
MATCH (t:Team) REMOVE t.visits
MATCH (t:Team) REMOVE t:Team
MATCH (t:Team) DETACH DELETE t
MATCH (t:Team) NODETACH DELETE t
MATCH ()-[r]->() DELETE r
MATCH (t:Team) WITH t LIMIT 1 DETACH DELETE t
MATCH (t:Team) FOREACH (x IN [1] | SET t.visits = 0)
UNWIND [1] AS x FOREACH (y IN [1] | CREATE (:Team {id: 'x'}))
MATCH (t:Team) CALL (t) { SET t.visits = 0 } RETURN count(*) AS n
MATCH (t:Team) CALL { WITH t SET t.visits = 0 } RETURN count(*) AS n
MATCH (t:Team) CALL (t) { DETACH DELETE t } IN TRANSACTIONS OF 1 ROW
UNWIND [1] AS x CALL (x) { CREATE (:Team {id: 'x'}) } IN 2 CONCURRENT TRANSACTIONS OF 1 ROW
MATCH (t:Team) RETURN t.id AS x UNION CREATE (n:Team {id: 'x'}) RETURN n.id AS x
RETURN 1 AS a; CREATE (n:Team {id: 'x'})
MATCH (t:Team) /* ' */ SET t.visits = 0 // '
MATCH (t:Team) RETURN '// ' AS a SET t.visits = 0
MATCH (t:Team) \\u0053ET t.visits = 0
MATCH (t:Team)/**/SET/**/t.visits=0
MATCH (t:Team) WITH t, `t` AS `SET` SET t.visits = 0
WITH 'CREATE (:Team {id: 1})' AS q CALL apoc.cypher.doIt(q, {}) YIELD value RETURN value
CALL apoc.create.node(['Team'], {id: 'x'})
CALL apoc.periodic.commit('CREATE (:Team)', {})
CALL db.createLabel('Other')
CALL db.createProperty('other')
CALL db.createRelationshipType('OTHER')
CALL `db`.`createLabel`('Other')
CALL db . createLabel('Other')
MATCH (t:Team) CALL db.create.setNodeVectorProperty(t, 'v', [1.0]) RETURN count(*) AS n
EXPLAIN CREATE (n:Team {id: 'x'})
PROFILE CREATE (n:Team {id: 'x'})
CYPHER runtime=slotted CREATE (n:Team {id: 'x'})
CYPHER 5 MATCH (t:Team) SET t.visits = 0
USE neo4j CREATE (n:Team {id: 'x'})
USE neo4j MATCH (t:Team) RETURN count(t) AS n
""".strip().splitlines()

SCHEMA = """
CREATE INDEX other FOR (n:Team) ON (n.visits)
CREATE RANGE INDEX other IF NOT EXISTS FOR (n:Team) ON (n.visits)
CREATE FULLTEXT INDEX other FOR (n:Team) ON EACH [n.id]
CREATE VECTOR INDEX other FOR (n:Team) ON (n.v)
CREATE CONSTRAINT other FOR (n:Team) REQUIRE n.visits IS UNIQUE
DROP CONSTRAINT miner_Team_id
DROP INDEX miner_Team_by_id IF EXISTS
DROP DATABASE neo4j
CREATE DATABASE other
STOP DATABASE neo4j
ALTER DATABASE neo4j SET ACCESS READ ONLY
CREATE USER other SET PASSWORD 'abcdefgh1' CHANGE NOT REQUIRED
ALTER USER neo4j SET PASSWORD 'abcdefgh1'
ALTER CURRENT USER SET PASSWORD FROM 'a' TO 'abcdefgh1'
DROP USER neo4j
RENAME USER neo4j TO other
GRANT ROLE admin TO neo4j
DENY ACCESS ON DATABASE neo4j TO PUBLIC
REVOKE ROLE admin FROM neo4j
""".strip().splitlines()

OUTSIDE = """
LOAD CSV FROM 'file:///{file}' AS line RETURN line
LOAD CSV WITH HEADERS FROM 'file:///{file}' AS line RETURN line.a AS a
load/**/csv from 'file://{file}' as line return line
LOAD CSV FROM 'http://127.0.0.1:{port}/x' AS line RETURN line
LOAD CSV FROM 'https://127.0.0.1:{port}/x' AS line RETURN line
LOAD CSV FROM 'ftp://127.0.0.1:{port}/x' AS line RETURN line
MATCH (t:Team) LOAD CSV FROM 'http://127.0.0.1:{port}/' + t.id AS line RETURN line
CALL { LOAD CSV FROM 'http://127.0.0.1:{port}/x' AS line RETURN line } RETURN line
RETURN COUNT { LOAD CSV FROM 'http://127.0.0.1:{port}/x' AS line RETURN line } AS n
MATCH (t:Team) RETURN t.id AS id UNION LOAD CSV FROM 'http://127.0.0.1:{port}/x' AS id RETURN id
PERIODIC COMMIT LOAD CSV FROM 'http://127.0.0.1:{port}/x' AS line CREATE (:Team)
CALL apoc.load.json('http://127.0.0.1:{port}/x') YIELD value RETURN value
CALL apoc.load.csv('file://{file}') YIELD map RETURN map
CALL apoc.export.csv.all('{file}', {})
CALL apoc.import.csv([], [], {})
RETURN apoc.cypher.runFirstColumnSingle('RETURN 1', {}) AS a
RETURN apoc.util.sleep(1) AS a
RETURN custom.read('{file}') AS a
MATCH (t:Team) RETURN t.id AS id FORMAT CSV
CALL dbms.setConfigValue('db.transaction.timeout', '1s')
CALL dbms.listConfig() YIELD name RETURN name
CALL dbms.security.createUser('other', 'abcdefgh1', false)
CALL dbms.killQuery('x')
CALL dbms.killConnection('x')
CALL dbms.listConnections() YIELD connectionId RETURN connectionId
CALL dbms.queryJmx('*:*') YIELD name RETURN name
CALL dbms.upgrade()
CALL dbms.components() YIELD name RETURN name
CALL db.clearQueryCaches()
CALL db.checkpoint()
CALL db.stats.clear('QUERIES')
CALL db.index.fulltext.queryNodes('a', 'b') YIELD node RETURN node
CALL db.awaitIndexes(1)
CALL tx.setMetaData({a: 1})
SHOW TRANSACTIONS
SHOW TRANSACTIONS YIELD transactionId AS id TERMINATE TRANSACTIONS id YIELD message RETURN message
TERMINATE TRANSACTION 'neo4j-transaction-1'
TERMINATE TRANSACTIONS 'neo4j-transaction-1', 'neo4j-transaction-2'
SHOW SETTINGS
SHOW USERS
SHOW CURRENT USER
SHOW DATABASES
SHOW PROCEDURES EXECUTABLE
SHOW FUNCTIONS
SHOW INDEXES
SHOW CONSTRAINTS
SHOW PRIVILEGES
DRYRUN ALTER DATABASE neo4j SET TOPOLOGY 1 PRIMARY
ENABLE SERVER 'x'
""".strip().splitlines()

# One engine reads these as another statement than a person does, or than the other engine.
DISGUISED = [
    "`LOAD` CSV FROM 'file:///{file}' AS line RETURN line",
    "`LOAD` `CSV` FROM 'file:///{file}' AS line RETURN line",
    "`load` csv FROM 'http://127.0.0.1:{port}/x' AS line RETURN line",
    "MATCH (t:Team) `LOAD` CSV FROM 'file:///{file}' AS line RETURN line",
    "CALL { `LOAD` CSV FROM 'file:///{file}' AS line RETURN line } RETURN line",
    "RETURN COUNT { `LOAD` CSV FROM 'file:///{file}' AS line RETURN line } AS n",
    "RETURN 1 AS line UNION `LOAD` CSV FROM 'file:///{file}' AS line RETURN line",
    "`SHOW` INDEXES",
    "`SHOW` `FUNCTIONS`",
    "`CREATE` (n:Team {id: 'x'})",
    "MATCH (t:Team) `SET` t.visits = 0",
    "MATCH (t:Team) `DETACH` `DELETE` t",
    "RETURN `apoc`.`util`.`sleep`(1) AS a",
    "RETURN `apoc.util.sleep`(1) AS a",
    "RETURN apoc.`util`.sleep(1) AS a",
    "RETURN apoc /* */ . util\n.sleep (1) AS a",
    "RETURN ap\\u006fc.util.sleep(1) AS a",
    "RETURN `ap\\u006fc`.util.sleep(1) AS a",
    "RETURN genai.vector.encode('x', 'OpenAI', {token: 'x'}) AS a",
    "RETURN file() AS a",
    "RETURN linenumber() AS a",
    "RETURN [x IN [1] | apoc.util.sleep(x)] AS a",
    "MATCH (t:Team {id: apoc.util.sleep(1)}) RETURN t.id AS id",
    "MATCH (t:Team) RETURN t {.id, a: apoc.util.sleep(1)} AS a",
    "MATCH (t:Team) RETURN t.id AS id ORDER BY apoc.util.sleep(1)",
    "MATCH (t:Team) // \\u000a SET t.visits = 0\nDETACH DELETE t",
    "MATCH (t:Team) // \r SET t.visits = 0\nRETURN t.id AS id",
    "MATCH (t:Team) // \r\r CALL apoc.util.sleep(1)\nRETURN t.id AS id",
    "RETURN 'a\\u0027 AS a LOAD CSV FROM \\u0027file:///{file}' AS line",
    "MATCH (t:Team) WHERE t.id = 'a\\u0027 SET t.visits = 0 //' RETURN t.id AS id",
    'MATCH (t:Team) WHERE t.id = "a\\u0022 DETACH DELETE t //" RETURN t.id AS id',
    "MATCH (`t\\u0060) SET t.visits = 0 //`) RETURN 1 AS n",
    "MATCH (`t``) DETACH DELETE t //`) RETURN 1 AS n",
    "MATCH (t:Team)\u00a0SET\u00a0t.visits = 0",
    "MATCH (t:Team)\u2028SET t.visits = 0",
    "MATCH (t:Team) \u017fET t.visits = 0",
    "/*/ RETURN 1 AS n /*/ CREATE (n:Team {id: 'x'})",
    "CALL `db.labels`() YIELD label RETURN label",
    "WITH 1 AS load LOAD CSV FROM 'file:///{file}' AS line RETURN line",
]

ATTACKS = [*WRITES, *SCHEMA, *OUTSIDE, *DISGUISED]


class Door:
    """A port of this machine that counts who knocks."""

    def __init__(self) -> None:
        self.knocks = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._wait, daemon=True).start()

    def _wait(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.knocks += 1
            visitor.close()

    def close(self) -> None:
        self._socket.close()


def aimed(door: Door, folder: Path) -> list[str]:
    """The attacks, with that door and a file in that folder that holds the secret."""
    file = folder / "secret.csv"
    file.write_text(f"a\n{SECRET}\n")
    return [text.replace("{port}", str(door.port)).replace("{file}", str(file)) for text in ATTACKS]
