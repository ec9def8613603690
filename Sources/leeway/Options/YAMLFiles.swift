import Connectors

/// The YAML files that a path stands for, in order of their names: itself, or those of the folder.
func yamlFiles(_ path: String) -> [String] { files(at: path, endings: [".yaml", ".yml"]) }

/// Whether a file's name says that it holds rule tests.
func isRuleTests(_ path: String) -> Bool {
  path.hasSuffix(".test.yaml") || path.hasSuffix(".test.yml")
}

/// Whether a file's name says that it describes a stream.
func isStreamDescription(_ path: String) -> Bool {
  path.hasSuffix(".stream.yaml") || path.hasSuffix(".stream.yml")
}
