/// Names that fields with a part have, in lower case and without separators.
enum RoleNames {
  static let time: Set<String> = [
    "ts", "time", "timestamp", "date", "datetime", "at", "when", "created", "createdat",
    "eventtime", "inferencetime", "occurred", "epoch", "zeit",
  ]
  static let exactTime: Set<String> = [
    "ts", "time", "timestamp", "eventtime", "datetime", "inferencetime", "predictiontime",
    "requesttime", "eventtimestamp",
  ]
  /// Times at which an event reached something else.
  static let laterTimes: Set<String> = [
    "arrival", "knativearrivaltime", "ingest", "ingested", "ingestion", "received", "processed",
    "updated", "stored", "expires", "expiry", "end", "birth", "signup", "registered",
  ]
  /// Times at which a feature was known.
  static let knownTimes: Set<String> = [
    "updated", "lastupdated", "refreshed", "computed", "asof", "observed", "snapshot", "measured",
    "knownat", "featuretime", "featurestime",
  ]
  static let exactID: Set<String> = [
    "id", "eventid", "requestid", "predictionid", "inferenceid", "uuid", "messageid",
    "transactionid",
    "traceid", "correlationid",
  ]
  /// Names of an event's own id: it stays one where events came more than once.
  static let eventID: Set<String> = [
    "id", "eventid", "requestid", "predictionid", "inferenceid", "uuid", "messageid",
  ]
  static let id: Set<String> = ["id", "uuid", "guid", "key", "ref", "reference"]
  static let model: Set<String> = [
    "model", "modelname", "modelid", "inferenceservicename", "endpointname", "deployment",
  ]
  static let version: Set<String> = ["version", "modelversion", "revision", "build"]
  static let otherVersions: Set<String> = [
    "event", "spec", "specversion", "schema", "api", "protocol", "app", "sdk", "log", "os",
    "browser",
    "client", "firmware",
  ]
  static let latency: Set<String> = [
    "latency", "responsetime", "processingtime", "inferencelatency", "servingtime", "rt", "elapsed",
    "took", "runtime", "requestduration", "timetaken", "requesttime", "processtime",
    "upstreamresponsetime", "upstreamservicetime", "targetprocessingtime", "predicttime",
    "inferencetime", "executiontime", "totaltime", "ttfb", "roundtrip",
  ]
  static let duration: Set<String> = ["duration", "dur", "millis", "elapsedms", "timems", "ms"]
  static let units: [String: LatencyUnit] = [
    "ns": .nanoseconds, "nanos": .nanoseconds, "nanoseconds": .nanoseconds, "nsec": .nanoseconds,
    "us": .microseconds, "micros": .microseconds, "microseconds": .microseconds,
    "usec": .microseconds, "ms": .milliseconds, "millis": .milliseconds, "msec": .milliseconds,
    "milliseconds": .milliseconds, "s": .seconds, "sec": .seconds, "secs": .seconds,
    "seconds": .seconds,
  ]
  /// Names that have a unit by custom: those of nginx, its load balancers and uvicorn.
  static let customaryUnits: [String: LatencyUnit] = [
    "requesttime": .seconds, "upstreamresponsetime": .seconds, "targetprocessingtime": .seconds,
    "processtime": .seconds, "upstreamservicetime": .milliseconds,
  ]
  static let status: Set<String> = [
    "status", "statuscode", "httpstatus", "responsecode", "responsestatus", "resultcode",
    "returncode", "grpcstatus", "httpcode", "grpccode", "grpcstatuscode",
  ]
  /// Statuses of gRPC: 0 is success.
  static let grpcStatus: Set<String> = ["grpcstatus", "grpccode", "grpcstatuscode"]
  static let good: Set<String> = [
    "ok", "success", "succeeded", "successful", "200", "passed", "done", "completed",
  ]
  static let success: Set<String> = ["success", "ok", "succeeded", "successful"]
  static let error: Set<String> = [
    "error", "errormessage", "exception", "err", "failed", "failure", "iserror", "errorcode",
    "haserror", "isfailed", "timedout", "istimeout", "hastimedout",
  ]
  /// Texts that say that there was no error.
  static let noError: Set<String> = ["", "none", "null", "nil", "-", "no", "ok"]
  static let score: Set<String> = [
    "score", "probability", "prob", "proba", "confidence", "likelihood", "riskscore",
    "predictionscore", "fraudscore", "propensity", "logit", "logits", "yproba", "yprob", "yscore",
    "risk",
  ]
  static let predictedValue: Set<String> = [
    "prediction", "predicted", "predictedvalue", "yhat", "ypred", "pred", "preds", "output",
    "forecast", "estimate", "estimated",
  ]
  /// Words that only a model's answer has.
  static let answer: Set<String> = [
    "pred", "preds", "predicted", "prediction", "ypred", "yhat", "proba", "yprob", "yscore",
  ]
  static let decision: Set<String> = [
    "decision", "prediction", "predicted", "predictedclass", "predictedlabel", "verdict", "class",
    "approved", "blocked", "flagged", "declined", "accepted", "classification", "ypred", "yhat",
    "pred", "preds", "output",
  ]
  /// Words of the place where an answer stands.
  static let outputs: Set<String> = [
    "output", "outputs", "response", "prediction", "predictions", "result", "results", "answer",
    "endpointoutput", "inference",
  ]
  static let outcome: Set<String> = [
    "label", "labels", "groundtruth", "truth", "target", "actual", "outcome", "ytrue",
    "chargeback", "feedback", "converted",
  ]
  static let metadata: Set<String> = [
    "mode", "encoding", "contenttype", "observedcontenttype", "datatype", "shape", "name", "status",
  ]
  /// What a log says of itself and of the machine.
  static let logging: Set<String> = [
    "level", "severity", "loglevel", "logger", "loggername", "msg", "message", "host", "hostname",
    "pod", "podname", "container", "containerid", "node", "thread", "threadname", "pid", "process",
    "traceid", "spanid", "traceparent", "tracestate", "requestid", "correlationid", "sessionid",
    "namespace", "service", "servicename", "environment", "env", "cluster", "endpoint", "component",
    "source", "sourcetype", "file", "line", "caller", "function", "stacktrace", "stack", "url",
    "uri",
    "path", "method", "protocol", "useragent", "specversion", "datacontenttype", "contenttype",
    "schema", "schemaurl", "dataschema", "subject", "knativearrivaltime", "eventversion", "offset",
    "partition", "topic", "commit", "release", "sha", "logversion",
  ]
  /// Names of what splits traffic well.
  static let segments: Set<String> = [
    "country", "region", "channel", "segment", "tier", "plan", "platform", "market", "tenant",
    "product", "customertype", "currency", "origin", "device", "devicetype", "brand", "category",
    "group", "language", "land", "pays", "pais", "kanal",
  ]
}
