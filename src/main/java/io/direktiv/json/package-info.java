/// JSON values: immutable, ordered as their author wrote them, read and written within limits.
///
/// Every other room speaks in these values. Start reading at [Json]; [JsonReader] turns text into
/// values, [JsonWriter] values into text. Nothing here depends on another room.
package io.direktiv.json;
