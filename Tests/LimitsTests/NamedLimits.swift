@testable import Agent
@testable import Arguments
@testable import Connectors
@testable import Events
@testable import Expressions
@testable import Ingest
@testable import Labelling
@testable import Monitoring
@testable import Records
@testable import Report
@testable import Sketches
@testable import Specification
@testable import Standing
@testable import Statistics
@testable import Survey
@testable import Terminal
@testable import Trials
@testable import YAML
@testable import leeway

/// The limits that docs/limits.md tells of, by the names that it gives them.
enum NamedLimits {
  static let all: [String: Int] = [events, traffic, file, kept, told, tests, feedback, kafka]
    .reduce(into: [:]) { all, group in all.merge(group) { one, _ in one } }

  private static let events: [String: Int] = [
    "limits.line_bytes": MonitorLimits().lineBytes,
    "OpenLines.lineLimit": OpenLines.lineLimit,
    "limits.nesting": MonitorLimits().nesting,
    "DecodingLimits.elements": DecodingLimits().elements,
    "DecodingLimits.unknownKeys": DecodingLimits().unknownKeys,
    "DecodingLimits.discoveredPaths": DecodingLimits().discoveredPaths,
    "EventDecoder.discoveredKeyBytesMax": EventDecoder.discoveredKeyBytesMax,
    "UnusableTally.excerptBytesLimit": UnusableTally.excerptBytesLimit,
    "DeadLetter.Fault.foundBytesLimit": DeadLetter.Fault.foundBytesLimit,
    "EventRewriter.batchRowLimit": EventRewriter.batchRowLimit,
    "StreamLayout.headBytes": StreamLayout.headBytes,
    "dead_letters.raw_bytes": DeadLetterOptions().rawBytes,
    "lateness": seconds(Monitor.defaultLateness),
    "future": seconds(Monitor.defaultFuture),
    "idle": seconds(Monitor.defaultIdle),
    "WaitingEvent.followerLimit": WaitingEvent.followerLimit,
    "WaitingEvent.lineLimit": WaitingEvent.lineLimit,
    "WaitingEvent.byteLimit": WaitingEvent.byteLimit,
    "HeldEvents.byteLimit": HeldEvents.byteLimit,
    "RepeatedParts.waitingLimit": RepeatedParts.waitingLimit,
    "StreamTally.refusedPercentLimit": StreamTally.refusedPercentLimit,
    "InvalidValues.exampleBytesLimit": InvalidValues.exampleBytesLimit,
    "RefusalNotes.interval": Int(RefusalNotes.interval / 1_000_000_000),
    "LineExample.excerptBytesLimit": LineExample.excerptBytesLimit,
    "StreamClock.agreeing": StreamClock.agreeing,
    "StreamClock.quorum": StreamClock.quorum,
    "CivilZone.fileBytesLimit": CivilZone.fileBytesLimit,
    "StreamPosition.usableTimes": lastYear,
    "SortLimits.memoryBytes": SortLimits.memoryBytes,
    "SortLimits.leastBytes": SortLimits.leastBytes,
    "SortLimits.diskBytes": SortLimits.diskBytes,
  ]

  private static let kafka: [String: Int] = [
    "KafkaClient.startLimit": Int(KafkaClient.startLimit / 1_000),
    "KafkaConsumer.questionLimit": Int(KafkaConsumer.questionLimit / 1_000),
    "KafkaConsumer.heardLimit": Int(KafkaConsumer.heardLimit),
    "KafkaConsumer.askInterval": Int(KafkaConsumer.askInterval / 1_000),
    "KafkaConsumer.answerLimit": Int(KafkaConsumer.answerLimit / 1_000),
    "KafkaConsumer.renewalLimit": Int(KafkaConsumer.renewalLimit / 1_000),
    "KafkaConsumer.partitionLimit": KafkaConsumer.partitionLimit,
    "KafkaConsumer.prefetchLimit": KafkaConsumer.prefetchLimit,
    "KafkaConsumer.oldPrefetchLimit": KafkaConsumer.oldPrefetchLimit,
    "KafkaProducer.outboxLimit": KafkaProducer.outboxLimit,
    "KafkaNotes.interval": Int(KafkaNotes.interval / 1_000),
    "KafkaNotes.rememberedLimit": KafkaNotes.rememberedLimit,
    "KafkaTransactions.lossInterval": Int(KafkaTransactions.lossInterval / 1_000),
    "Outbox.byteLimit": Outbox.byteLimit,
    "Outbox.interval": Int(Outbox.interval / 1_000_000_000),
    "TopicSink.settleLimit": Int(TopicSink.settleLimit / 1_000),
    "TopicSink.drainLimit": Int(TopicSink.drainLimit / 1_000),
    "FleetParts.partLimit": FleetParts.partLimit,
    "FleetParts.countLimit": FleetParts.countLimit,
    "FleetAssembler.writerLimit": FleetAssembler.writerLimit,
    "FleetLog.readLimit": Int(FleetLog.readLimit / 1_000),
    "FleetJudge.recordLimit": FleetJudge.recordLimit,
    "FleetVerdict.goneLimit": Int(FleetVerdict.goneLimit / 60_000_000_000),
    "StreamCounter.interval": Int(StreamCounter.interval / 1_000_000_000),
    "Fleet.retryInterval": Int(Fleet.retryInterval / 1_000_000_000),
    "AgentFileBounds.topicLimit": AgentFileBounds.topicLimit,
    "AgentRule.ruleLimit": AgentRule.ruleLimit,
    "MetricGrowth.sampleLimit": Int(MetricGrowth.sampleLimit),
    "MonitorFolder.monitorLimit": MonitorFolder.monitorLimit,
    "CommonDecoding.cellLimit": CommonDecoding.cellLimit,
    "SharedStreams.byteLimit": SharedStreams.byteLimit,
    "ToldLetters.rememberedLimit": ToldLetters.rememberedLimit,
    "AgentFileBounds.sourceLimit": AgentFileBounds.sourceLimit,
    "FollowedFile.rotationPatience": Int(FollowedFile.rotationPatience / 1_000_000_000),
    "LogFinder.lookInterval": Int(LogFinder.lookInterval / 1_000_000_000),
    "LogFinder.fileLimit": LogFinder.fileLimit,
    "LogFinder.absenceLimit": Int(LogFinder.absenceLimit / 1_000_000_000),
    "LogFinder.deletedLimit": Int(LogFinder.deletedLimit / 1_000_000_000),
    "LogClaims.rememberedLimit": LogClaims.rememberedLimit,
    "FileMark.tellingBytes": FileMark.tellingBytes,
    "FollowedFile.rotationLimit": Int(FollowedFile.rotationLimit / 1_000_000_000),
    "FollowedFile.retryInterval": Int(FollowedFile.retryInterval / 1_000_000_000),
  ]

  private static let traffic: [String: Int] = [
    "limits.signals": MonitorLimits().signals,
    "limits.categories": MonitorLimits().categories,
    "limits.segment_values": MonitorLimits().segmentValues,
    "limits.versions": MonitorLimits().versions,
    "limits.pending": MonitorLimits().pending,
    "limits.spilled": MonitorLimits().spilled,
    "RocksSettings.bufferBytes": RocksSettings.bufferBytes,
    "RocksSettings.cacheBytes": RocksSettings.cacheBytes,
    "SpilledPredictions.batch": SpilledPredictions.batch,
    "CanaryWatch.waitingLimit": CanaryWatch.waitingLimit,
    "FoundVersions.formerLimit": FoundVersions.formerLimit,
    "Ballots.voterLimit": Ballots.voterLimit,
    "ArrivalHistory.halfLimit": ArrivalHistory.halfLimit,
    "ArrivalCalendar.cohortLimit": ArrivalCalendar.cohortLimit,
    "ResponseRates.strataLimit": ResponseRates.strataLimit,
    "MonitorBounds.feedbackFields": MonitorBounds.feedbackFields,
    "MonitorBounds.piiFields": MonitorBounds.piiFields,
    "KeyedHash.keyBytesLimit": KeyedHash.keyBytesLimit,
    "WrittenText.rememberedValues": WrittenText.rememberedValues,
    "WrittenText.joinedBytesLimit": WrittenText.joinedBytesLimit,
    "VersionText.partsLimit": VersionText.partsLimit,
    "CanarySpecification.canariesLimit": CanarySpecification.canariesLimit,
    "PriceLoader.tokensLimit": PriceLoader.tokensLimit,
    "QualitySpecification.leakageLimit": QualitySpecification.leakageLimit,
    "MonitorBounds.baselines": MonitorBounds.baselines,
    "MonitorBounds.tops": MonitorBounds.tops,
    "MonitorBounds.classes": MonitorBounds.classes,
    "LabelledPredictions.limit": LabelledPredictions.limit,
    "QualitySpecification.windowsPerHorizon": Int(QualitySpecification.windowsPerHorizon),
    "Plan.groupLimit": Plan.groupLimit,
    "DimensionValue.bytesMax": DimensionValue.bytesMax,
    "BottomHashRecord.limit": BottomHashRecord.limit,
    "BottomHashRecord.valueBytesLimit": BottomHashRecord.valueBytesLimit,
    "CategoryDictionary.aliasesMax": CategoryDictionary.aliasesMax,
    "DimensionEncoder.rememberedValues": DimensionEncoder.rememberedValues,
    "ReferenceBins.maximumEdges": ReferenceBins.maximumEdges,
  ]

  private static let file: [String: Int] = [
    "SourceText.bytesMax": SourceText.bytesMax,
    "YAMLEvents.nestingMax": YAMLEvents.nestingMax,
    "YAMLEvents.countMax": YAMLEvents.countMax,
    "YAMLBounds.scalarBytes": YAMLBounds.scalarBytes,
    "YAMLBounds.diagnostics": YAMLBounds.diagnostics,
    "ScalarReader.longestDuration": seconds(ScalarReader.longestDuration),
    "ExpressionLimits.sourceBytes": ExpressionLimits.sourceBytes,
    "ExpressionLimits.nesting": ExpressionLimits.nesting,
    "ExpressionLimits.nodes": ExpressionLimits.nodes,
    "MonitorBounds.windows": MonitorBounds.windows,
    "MonitorBounds.featureTimes": MonitorBounds.featureTimes,
    "MonitorBounds.duplicateHorizon": seconds(MonitorBounds.duplicateHorizon),
    "MonitorBounds.panesPerWindow": Int(MonitorBounds.panesPerWindow),
    "MonitorBounds.eventsPerWindow": MonitorBounds.eventsPerWindow.upperBound,
    "MonitorBounds.rules": MonitorBounds.rules,
    "MonitorBounds.kpis": MonitorBounds.kpis,
    "MonitorBounds.objectives": MonitorBounds.objectives,
    "MonitorBounds.features": MonitorBounds.features,
    "MonitorBounds.segments": MonitorBounds.segments,
    "MonitorBounds.wrapped": MonitorBounds.wrapped,
    "MonitorBounds.labels": MonitorBounds.labels,
    "MonitorBounds.referencePeriod": seconds(MonitorBounds.referencePeriod),
  ]

  private static let kept: [String: Int] = [
    "PastBounds.values": PastBounds.values,
    "SpreadWindows.daysLimit": SpreadWindows.daysLimit,
    "PastValues.totalLimit": PastValues.totalLimit,
    "BudgetWindow.bucketLimit": BudgetWindow.bucketLimit,
    "ReferenceCounts.pastValues": Int(ReferenceCounts.pastValues),
    "ComparedBins.indexMinimum": Int(ComparedBins.indexMinimum),
    "PooledCategories.poolLimit": PooledCategories.poolLimit,
    "ReferenceCounts.shrinkage": Int(ReferenceCounts.shrinkage),
    "RankSummary.exactCount": RankSummary.exactCount,
    "FieldTally.categoryLimit": FieldTally.categoryLimit,
    "ProfileBuilder.groupLimit": ProfileBuilder.groupLimit,
    "ByteReader.byteLimit": ByteReader.byteLimit,
    "ByteReader.maximumCounts": ByteReader.maximumCounts,
    "StateKeeper.interval": Int(StateKeeper.interval / 1_000_000_000),
    "PipelineState.sourceLimit": PipelineState.sourceLimit,
    "ByteSource.headLimit": ByteSource.headLimit,
  ]

  private static let told: [String: Int] = [
    "Evidence.histogramBins": Evidence.histogramBins,
    "Evidence.movedBins": Evidence.movedBins,
    "Evidence.unseenValues": Evidence.unseenValues,
    "Incident.listed": Incident.listed,
    "OpenIncident.endedLimit": OpenIncident.endedLimit,
    "incidents.flapping": IncidentOptions().flapping ?? 0,
    "incidents.within": seconds(IncidentOptions().within),
    "EngineOutput.measurementLimit": EngineOutput.measurementLimit,
    "EngineOutput.noticeLimit": EngineOutput.noticeLimit,
    "ReplaySummary.incidentLines": ReplaySummary.incidentLines,
    "ReplaySummary.gapLines": ReplaySummary.gapLines,
    "PartTable.limit": PartTable.limit,
    "PageWriter.shownParts": PageWriter.shownParts,
    "Snapshot.alertLimit": Snapshot.alertLimit,
    "Snapshot.incidentLimit": Snapshot.incidentLimit,
    "Snapshot.partLimit": Snapshot.partLimit,
    "Screen.smallest": Screen.smallest.columns,
    "--threads": mostThreads,
    "ReplayReport.pageBytes": ReplayReport.pageBytes,
    "DriftMap.cellLimit": DriftMap.cellLimit,
    "DriftMap.columnLimit": DriftMap.columnLimit,
    "Series.columnLimit": Series.columnLimit,
    "QualityHistory.windowLimit": QualityHistory.windowLimit,
    "VersionHistory.limit": VersionHistory.limit,
    "ClaimHistory.limit": ClaimHistory.limit,
    "AlertHistory.limit": AlertHistory.limit,
    "PageWriter.shownSignals": PageWriter.shownSignals,
    "PageWriter.shownBins": PageWriter.shownBins,
    "PageWriter.qualityRows": PageWriter.qualityRows,
  ]

  private static let tests: [String: Int] = [
    "RuleTestBounds.ruleFiles": RuleTestBounds.ruleFiles,
    "RuleTestBounds.tests": RuleTestBounds.tests,
    "RuleTestBounds.expectations": RuleTestBounds.expectations,
    "StreamBounds.fields": StreamBounds.fields,
    "StreamBounds.changes": StreamBounds.changes,
    "StreamBounds.categories": StreamBounds.categories,
    "StreamBounds.waitingOutcomes": StreamBounds.waitingOutcomes,
    "StreamBounds.perSecond": Int(StreamBounds.perSecond),
    "SurveyLimits.lines": SurveyLimits().lines,
    "SurveyLimits.bytes": SurveyLimits().bytes,
    "SurveyLimits.depth": SurveyLimits().depth,
    "SurveyLimits.elements": SurveyLimits().elements,
    "SurveyLimits.fields": SurveyLimits().fields,
    "SurveyLimits.features": SurveyLimits().features,
    "SurveyLimits.knownTimes": SurveyLimits().knownTimes,
    "SageMakerBaseline.columnsMax": SageMakerBaseline.columnsMax,
  ]

  private static let feedback: [String: Int] = [
    "ElementSplitter.byteLimit": ElementSplitter.byteLimit,
    "FeedbackCommand.findingLimit": FeedbackCommand.findingLimit,
    "RelabelRequest.identifierLimit": RelabelRequest.identifierLimit,
    "TaskWriter.manifestLineLimit": TaskWriter.manifestLineLimit,
    "TaskWriter.manifestAttributeLimit": TaskWriter.manifestAttributeLimit,
  ]

  private static func seconds(_ span: TimeSpan) -> Int { Int(span.nanoseconds / 1_000_000_000) }

  /// The year of the last time that is counted.
  private static var lastYear: Int {
    Int(Timestamp.format(StreamPosition.usableTimes.upperBound).prefix(4)) ?? 0
  }

  /// The most threads that the command line takes.
  private static var mostThreads: Int {
    if case .integer(let range) = StreamOptions.threads.kind { range.upperBound } else { 0 }
  }
}
