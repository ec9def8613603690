import Records
import YAML

/// A scalar as JSON: plain numbers, truth values and null as such, anything else as a string.
func jsonText(of scalar: YAMLScalar) -> [UInt8] {
  if scalar.isNull { return Array("null".utf8) }
  if scalar.style == .plain, ["true", "false"].contains(scalar.text) || isJSONNumber(scalar.text) {
    return Array(scalar.text.utf8)
  }
  return jsonString(scalar.text)
}

/// A text as a JSON string.
func jsonString(_ text: String) -> [UInt8] {
  var json = JSONWriter()
  json.value(text)
  return json.bytes
}
