/// What takes the records of a log.
protocol LogSink: AnyObject {
  func append(_ batch: RecordBatch)

  /// No more records come.
  /// - Parameter written: called when those that came are where readers find them, or are not going to be.
  func finish(_ written: @escaping () -> Void)
}
