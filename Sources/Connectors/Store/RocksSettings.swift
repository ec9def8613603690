internal import CRocksDB

/// How a store of rows is opened, read and written.
@safe final class RocksSettings {
  let options: OpaquePointer
  let reading: OpaquePointer
  /// Reads that go through many rows once: they push nothing out of the cache.
  let passing: OpaquePointer
  let writing: OpaquePointer

  /// Memory for rows that are not on the disk yet, twice: one is filled while another is written.
  static let bufferBytes = 16 << 20
  /// Memory for blocks that were read, with their indices and filters.
  static let cacheBytes: Int = 32 << 20
  /// Bits a key by which a file is passed that does not have it: one in a hundred is read in vain.
  private static let filterBits = 10.0
  /// Few rows are read one at a time, so that small blocks cost more than they save.
  private static let readAheadBytes = 1 << 20
  /// Above every level that RocksDB logs: what goes wrong comes as an error.
  private static let noLog: Int32 = 5

  /// The settings; `nil` where memory for them could not be had.
  ///
  /// - Parameter creates: Whether a store is made where there is none.
  init?(creates: Bool) {
    guard let options = unsafe rocksdb_options_create(),
      let reading = unsafe rocksdb_readoptions_create(),
      let passing = unsafe rocksdb_readoptions_create(),
      let writing = unsafe rocksdb_writeoptions_create()
    else { return nil }
    unsafe rocksdb_options_set_create_if_missing(options, creates ? 1 : 0)
    unsafe rocksdb_options_set_write_buffer_size(options, Self.bufferBytes)
    unsafe rocksdb_options_set_max_write_buffer_number(options, 2)
    unsafe rocksdb_options_set_max_background_jobs(options, 2)
    unsafe rocksdb_options_set_max_open_files(options, 256)
    unsafe rocksdb_options_set_compression(options, Int32(rocksdb_lz4_compression))
    unsafe rocksdb_options_set_info_log_level(options, Self.noLog)
    unsafe rocksdb_options_set_keep_log_file_num(options, 1)
    unsafe rocksdb_options_set_stats_dump_period_sec(options, 0)
    unsafe rocksdb_options_set_stats_persist_period_sec(options, 0)
    unsafe Self.setTables(options)
    unsafe rocksdb_readoptions_set_verify_checksums(reading, 1)
    unsafe rocksdb_readoptions_set_verify_checksums(passing, 1)
    unsafe rocksdb_readoptions_set_fill_cache(passing, 0)
    unsafe rocksdb_readoptions_set_readahead_size(passing, Self.readAheadBytes)
    // What is to outlive the process is copied when it is whole.
    unsafe rocksdb_writeoptions_disable_WAL(writing, 1)
    unsafe self.options = options
    unsafe self.reading = reading
    unsafe self.passing = passing
    unsafe self.writing = writing
  }

  deinit {
    unsafe rocksdb_options_destroy(options)
    unsafe rocksdb_readoptions_destroy(reading)
    unsafe rocksdb_readoptions_destroy(passing)
    unsafe rocksdb_writeoptions_destroy(writing)
  }

  private static func setTables(_ options: OpaquePointer) {
    guard let tables = unsafe rocksdb_block_based_options_create() else { return }
    if let cache = unsafe rocksdb_cache_create_lru(cacheBytes) {
      unsafe rocksdb_block_based_options_set_block_cache(tables, cache)
      unsafe rocksdb_cache_destroy(cache)
    }
    // The tables own it.
    let filter = unsafe rocksdb_filterpolicy_create_bloom(filterBits)
    unsafe rocksdb_block_based_options_set_filter_policy(tables, filter)
    unsafe rocksdb_block_based_options_set_cache_index_and_filter_blocks(tables, 1)
    unsafe rocksdb_options_set_block_based_table_factory(options, tables)
    unsafe rocksdb_block_based_options_destroy(tables)
  }
}
