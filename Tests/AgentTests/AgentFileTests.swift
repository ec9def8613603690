import Connectors
import Expressions
import Ingest
import Specification
import Testing

@testable import Agent
@testable import YAML

/// What an agent file may say.
@Suite struct AgentFileTests {
  private static func load(
    _ text: String,
    environment: [String: String] = ["SECRET": "s3cret"],
    library: Int = 0x0208_00ff
  ) -> (agent: AgentFile?, found: [String]) {
    let (agent, diagnostics) = AgentFile.load(
      bytes: Array(text.utf8),
      file: "folder/agent.yaml",
      environment: environment,
      library: KafkaLibrary(number: library)
    ) { path throws(StreamError) in
      guard path == "folder/password" else { throw .cannotOpen(path: path, errno: 2) }
      return Array("from a file\n".utf8)
    }
    return (agent, diagnostics.map(\.message))
  }

  private static let cluster = "kafka: {bootstrap_servers: \"b:9092\"}\n"
  private static let sinks = "sinks: {alerts: {type: kafka, topic: a}}\n"

  @Test func `sources of topics have groups, and may have clusters, of their own`() throws {
    let (agent, found) = Self.load(
      """
      sources:
        - {type: kafka, topics: [p], group_id: g, kafka: {bootstrap_servers: "a:1"}}
        - type: kafka
          topics: ["^q"]
          group_id: g
          kafka: {bootstrap_servers: "b:1", tls: {enabled: true}}
      """
    )
    #expect(found == [])
    #expect(agent?.topics.map(\.topics) == [["p"], ["^q"]])
    #expect(agent?.topics.map(\.settings.servers) == ["a:1", "b:1"])
    #expect(agent?.topics.last?.settings.properties["security.protocol"] == "ssl")
  }

  @Test func `rules on the agent itself need no cluster`() throws {
    let (agent, found) = Self.load(
      """
      instance: box-1
      rules:
        - alert: Old
          agent: state_age > 5m
          for: 1m
          keep_firing_for: 2m
          severity: page
          labels: {team: "ml-{{ labels.instance }}"}
          annotations: {summary: "{{ value }} since {{ since }}"}
        - {alert: Behind, agent: lag > 1e6}
      """
    )
    #expect(found == [])
    #expect(agent?.instance == "box-1")
    #expect(agent?.rules.map(\.alert) == ["Old", "Behind"])
    #expect(agent?.rules.first?.holdDuration == .minutes(1))
    #expect(agent?.rules.first?.keepFiringFor == .minutes(2))
    #expect(agent?.rules.first?.severity == .page)
    #expect(agent?.unanswered(keepsState: true).count == 1)
    #expect(agent?.unanswered(keepsState: false).count == 2)
  }

  @Test(arguments: [
    ("{alert: A, agent: lag > 5m}", "rule \"A\": agent: 5m is a duration, lag a number"),
    ("{alert: A}", "rule \"A\": \"agent\" is missing"),
    ("{alert: A, expr: lag > 5}", "unknown key \"expr\""),
    ("{alert: A, agent: lag > 5, labels: {instance: x}}", "write instance beside rules"),
    ("{alert: A, agent: lag > 5, labels: {model: x}}", "has the label \"model\" already"),
    ("{alert: A, agent: lag > 5, labels: {v: \"{{ value }}\"}}", "move it to annotations"),
    ("{alert: A, agent: lag > 5, annotations: {s: \"{{ psi }}\"}}", "unknown variable \"psi\""),
    ("{alert: A, agent: lag > 5}, {alert: A, agent: lag > 6}", "another rule has this name"),
  ])
  func `a mistake in a rule on the agent is told with its remedy`(rules: String, words: String) {
    let (agent, found) = Self.load("rules: [\(rules)]\n")
    #expect(agent == nil)
    #expect(found.contains { $0.contains(words) }, "\(found)")
  }

  @Test func `a whole file becomes the properties of librdkafka`() throws {
    let (agent, found) = Self.load(
      """
      kafka:
        bootstrap_servers: b1:9092,b2:9092
        tls: {enabled: true, ca_file: ca.pem, crt_file: /c.pem, key_file: k.pem, key_pass: "${SECRET}"}
        sasl: {mechanism: SCRAM-SHA-256, username: u, password: "${SECRET}"}
        compression: lz4
        librdkafka: {socket.keepalive.enable: true}
      sources:
        - type: kafka
          topics: [predictions, outcomes]
          group_id: g
          group_instance_id: i
          auto_offset_reset: earliest
          on_regression: stop
          session_timeout_ms: 6000
          key_field: key
          headers_key: headers
          timestamp_key: stamp
          librdkafka: {fetch.wait.max.ms: 10}
      sinks:
        alerts: {type: kafka, topic: leeway.alerts}
        dead_letters: {type: kafka, topic: leeway.dead}
      fleet: {topic: leeway.fleet}
      """
    )
    #expect(found == [])
    #expect(agent?.fleet == "leeway.fleet")
    let cluster = [
      "security.protocol": "sasl_ssl", "ssl.ca.location": "folder/ca.pem",
      "ssl.certificate.location": "/c.pem", "ssl.key.location": "folder/k.pem",
      "ssl.key.password": "s3cret", "sasl.mechanism": "SCRAM-SHA-256", "sasl.username": "u",
      "sasl.password": "s3cret", "socket.keepalive.enable": "true",
    ]
    let source = try #require(agent?.topics.first)
    #expect(source.topics == ["predictions", "outcomes"])
    #expect(source.start == .earliest)
    #expect(source.onRegression == .stop)
    #expect(source.members.names == ["key", "headers", "stamp"])
    #expect(source.settings.servers == "b1:9092,b2:9092")
    let own = [
      "group.id": "g", "group.instance.id": "i", "session.timeout.ms": "6000",
      "fetch.wait.max.ms": "10",
    ]
    #expect(source.settings.properties == cluster.merging(own) { _, new in new })
    let sinks = try #require(agent?.sinks)
    #expect(sinks.topics == [.alerts: "leeway.alerts", .deadLetters: "leeway.dead"])
    #expect(
      sinks.settings.properties == cluster.merging(["compression.type": "lz4"]) { _, new in new }
    )
  }

  @Test func `a file holds the password, and the system's authorities are found`() throws {
    let (agent, found) = Self.load(
      "kafka: {bootstrap_servers: b, tls: {enabled: true}, sasl: {mechanism: PLAIN, username: u, "
        + "password_file: password}}\n" + Self.sinks
    )
    #expect(found == [])
    let properties = try #require(agent?.sinks?.settings.properties)
    #expect(properties["sasl.password"] == "from a file")
    #expect(properties["ssl.ca.location"] == "probe")
  }

  static let refused: [(String, String)] = [
    (
      cluster,
      "agent: nothing is read or written: add sources: [{type: kafka, …}] or sinks: {alerts: …}"
    ),
    (sinks, "agent: \"kafka\" is missing: add kafka: {bootstrap_servers: \"HOST:9092\"}"),
    (
      "kafka: {bootstrap_servers: b, sasl: {mechanism: PLAIN, username: u, password: open}, "
        + "tls: {enabled: true}}\n" + sinks,
      "kafka: sasl: password stands in the file, where others read it: write password: ${NAME}, and "
        + "set the variable"
    ),
    (
      "kafka: {bootstrap_servers: b, tls: {enabled: true}, sasl: {mechanism: PLAIN, username: u, "
        + "password: \"${SECRET:-open}\"}}\n" + sinks,
      "kafka: sasl: password stands in the file, where others read it: write password: ${NAME}, and "
        + "set the variable"
    ),
    (
      "kafka: {bootstrap_servers: b, sasl: {mechanism: SCRAM-SHA-512, username: u}}\n" + sinks,
      "kafka: sasl: one place holds the password: write password: ${KAFKA_PASSWORD}, or "
        + "password_file: PATH"
    ),
    (
      "kafka: {bootstrap_servers: b, librdkafka: {plugin.library.paths: x}}\n" + sinks,
      "kafka: librdkafka: plugin.library.paths: it loads code into this process: leave it out"
    ),
    (
      "kafka: {bootstrap_servers: b, librdkafka: {group.id: x}}\n" + sinks,
      "kafka: librdkafka: group.id: the agent file has a key for it: write group_id"
    ),
    (
      "kafka: {bootstrap_servers: b, librdkafka: {acks: 0}}\n" + sinks,
      "kafka: librdkafka: acks: a record is there when all replicas in sync have it: leave it out"
    ),
    (
      cluster + "sources: [{type: kafka, topics: [\"p.*\"], group_id: g}]\n",
      "source: topics: \"p.*\" is no topic's name: write letters, digits, dots, underscores and "
        + "hyphens, or of a source's topics a pattern that begins with ^"
    ),
    (
      cluster + "sources: [{type: kafka, topics: [p, p], group_id: g}]\n",
      "source: topics: p stands twice: write it once"
    ),
    (
      cluster + "sources: [{type: kafka, topics: [p]}]\n",
      "source: \"group_id\" is missing: add group_id: leeway"
    ),
    (
      cluster + "sources: [{type: http, topics: [p], group_id: g}]\n",
      "source: type: unknown value \"http\": use one of kafka, file"
    ),
    (
      cluster
        + "sources: [{type: kafka, topics: [p], group_id: g}, {type: kafka, topics: [q], group_id: g}]\n",
      "sources: two of them are in the group g: give each a group_id of its own"
    ),
    (
      cluster
        + "sources: [{type: kafka, topics: [p], group_id: g}, {type: kafka, topics: [\"^p.*\"], group_id: h}]\n",
      "sources: topic p is read by two of them: streams are known by their topic, name it in one"
    ),
    (
      cluster
        + "sources: [{type: kafka, topics: [\"^q\"], group_id: g}, {type: kafka, topics: [\"^p\"], group_id: h}]\n",
      "sources: two of them have patterns, which may take the same topic: give one all patterns"
    ),
    (
      cluster
        + "sources: [{type: kafka, topics: [q], group_id: g}, {type: kafka, topics: [p], group_id: h}]\n"
        + "fleet: {topic: f}\n",
      "fleet: one group shares out its streams, got 2 sources: give one all topics"
    ),
    (
      "sources: [{type: kafka, topics: [p], group_id: g}]\n",
      "agent: \"kafka\" is missing: add kafka: {bootstrap_servers: \"HOST:9092\"}"
    ),
    (
      "sources: [{type: file, include: [\"logs/**/app.log\"]}]\n",
      "source: include: \"logs/**/app.log\": ** is not known: write * for each folder, "
        + "/var/log/*/*.log"
    ),
    (
      "sources: [{type: file, include: [a.log], exclude: [b.log]}]\n",
      "source: exclude: include has no pattern of which something could be excluded: leave it out"
    ),
    (
      "sources: [{type: file, include: [\"*.log\", a.log], exclude: [\"a*\"]}]\n",
      "source: include: folder/a.log is excluded by folder/a*: leave one of them out"
    ),
    (
      cluster
        + "sources: [{type: file, include: [\"*.log\"]}, {type: kafka, topics: [p], group_id: g}]\n"
        + "fleet: {topic: f}\n",
      "fleet: only topics are shared out: leave out the logs"
    ),
    (
      "sources: [{type: file, include: [a, a]}]\n",
      "sources: folder/a is followed twice: name it once"
    ),
    (
      "sources: [{type: file, include: [a], topics: [p]}]\n",
      "source: unknown key \"topics\": use one of type, include, exclude"
    ),
    (
      cluster + "sources: [{type: kafka, topics: [p], group_id: g, from: soon}]\n",
      "source: from: got \"soon\": write a time, such as 2026-11-30T06:00:00Z, or a day"
    ),
    (
      cluster
        + "sources: [{type: kafka, topics: [p], group_id: g, from: 2026-11-30, "
        + "auto_offset_reset: latest}]\n",
      "source: from and auto_offset_reset both say where it begins: write one of them"
    ),
    (
      cluster + sinks + "fleet: {topic: f}\n",
      "fleet: only topics are shared out: add a source {type: kafka, …} to sources"
    ),
    (
      cluster + "sources: [{type: kafka, topics: [p], group_id: g}]\nfleet: {topic: f}\n"
        + "sinks: {transactional_id: t, alerts: {type: kafka, topic: a}}\n",
      "fleet: its state is in its topic, and transactions rest on one on the disk: leave out "
        + "transactional_id of sinks"
    ),
    (
      cluster + "sinks: {transactional_id: t}\n",
      "sinks: transactional_id: nothing is written to topics: add alerts: {type: kafka, topic: …}"
    ),
    (
      "kafka: {bootstrap_servers: \"b:9092\", librdkafka: {transactional.id: t}}\n" + sinks,
      "kafka: librdkafka: transactional.id: the agent file has a key for it: write "
        + "sinks: {transactional_id: …}"
    ),
    (
      cluster + "sinks: {alerts: {type: kafka, topik: a}}\n",
      "sinks.alerts: unknown key \"topik\": did you mean \"topic\"?"
    ),
  ]

  @Test(arguments: refused)
  func `what is wrong is refused with what to do`(text: String, message: String) {
    let (agent, found) = Self.load(text)
    #expect(agent == nil)
    #expect(found == [message])
  }

  @Test func `logs need no cluster, stand beside topics, and are relative to the file`() {
    let (alone, found) = Self.load("sources: [{type: file, include: [app.log, /var/log/b.log]}]\n")
    #expect(found == [])
    #expect(alone?.logs == ["folder/app.log", "/var/log/b.log"])
    #expect(alone?.topics == [] && alone?.readsAnything == true)
    let (both, _) = Self.load(
      Self.cluster
        + "sources: [{type: file, include: [a]}, {type: kafka, topics: [p], group_id: g}]\n"
    )
    #expect(both?.logs == ["folder/a"])
    #expect(both?.topics.map(\.topics) == [["p"]])
  }

  @Test func `what an older librdkafka cannot do of what is asked is told with its place`() {
    let login = """
      kafka:
        bootstrap_servers: b
        sasl: {mechanism: SCRAM-SHA-256, username: u, password: "${SECRET}"}

      """
    let source = "sources: [{type: kafka, topics: [p], group_id: g}]\n"
    let lacks = [
      "kafka: sasl: mechanism: librdkafka 2.0.2 is linked: it cannot log in by SCRAM to Kafka 4: "
        + "link 2.6.1 or a newer one, as deploy/librdkafka makes it",
      "source: librdkafka 2.0.2 is linked: it stops for a second when what it has fetched of a "
        + "partition is enough: up to 64 MiB of each are fetched ahead, and not 4: link 2.2.0 or a "
        + "newer one, as deploy/librdkafka makes it",
      "fleet: librdkafka 2.0.2 is linked: it does not number how a group shares out its partitions, "
        + "by which the members of a fleet tell whose word counts: link 2.8.0 or a newer one, as "
        + "deploy/librdkafka makes it",
    ]
    let text = login + source + "fleet: {topic: f}\n"
    let (agent, found) = Self.load(text, library: 0x0200_02ff)
    #expect(agent == nil && found == lacks)
    // What it can do serves, with a word where it costs.
    let (plain, warned) = Self.load(Self.cluster + source, library: 0x0200_02ff)
    #expect(plain != nil && warned == [lacks[1]])
    let (newer, rest) = Self.load(text, library: 0x0206_01ff)
    #expect(newer == nil && rest == [lacks[2].replacing("2.0.2 is", with: "2.6.1 is")])
    #expect(Self.load(text).found == [])
  }

  @Test func `a property that the library does not have is refused in its words`() {
    let version = KafkaLibrary.linked.version
    for (property, words) in [
      ("no.such: 1", "no.such: No such configuration property: \"no.such\""),
      (
        "fetch.min.bytes: few",
        "fetch.min.bytes: Invalid value for configuration property \"fetch.min.bytes\""
      ),
    ] {
      let (agent, found) = Self.load(
        "kafka: {bootstrap_servers: b, librdkafka: {\(property)}}\n" + Self.sinks
      )
      #expect(agent == nil)
      #expect(found == ["kafka: librdkafka: \(words) (librdkafka \(version)): correct it"])
    }
  }

  @Test func `what an agent file says is told in a sentence`() {
    let (agent, _) = Self.load(
      Self.cluster
        + "sources: [{type: file, include: [a]}, {type: kafka, topics: [p, q], group_id: g}]\n"
        + "sinks: {dead_letters: {type: kafka, topic: d}, alerts: {type: kafka, topic: t}}\n"
    )
    #expect(
      agent?.sentence == "an agent that reads p, q in the group g, follows folder/a, writes alerts "
        + "to t, writes dead letters to d"
    )
  }

  @Test func `logs are named by patterns beside names, relative to the file`() {
    let (agent, found) = Self.load(
      "sources: [{type: file, include: [\"logs/*.log\", a.log, \"/b/?[x-z]\"], "
        + "exclude: [\"logs/debug*\"]}, {type: file, include: [\"c*\"]}]\n"
    )
    #expect(found == [])
    #expect(agent?.logs == ["folder/a.log"])
    #expect(
      agent?.patterns == [
        LogPatterns(include: ["folder/logs/*.log", "/b/?[x-z]"], exclude: ["folder/logs/debug*"]),
        LogPatterns(include: ["folder/c*"]),
      ]
    )
    #expect(agent?.readsAnything == true)
  }

  @Test func `a password in the clear is warned of`() {
    let (agent, found) = Self.load(
      "kafka: {bootstrap_servers: b, sasl: {mechanism: PLAIN, username: u, password: \"${SECRET}\"}}\n"
        + Self.sinks
    )
    #expect(agent != nil)
    #expect(
      found == ["kafka: sasl: PLAIN sends the password as it is: add tls: {enabled: true}"]
    )
  }
}
