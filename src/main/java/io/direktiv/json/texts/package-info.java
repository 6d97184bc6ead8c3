/// JSON texts one after another, read piece by piece as jq reads them.
///
/// Start reading at [JsonTexts]. What is accepted (`nan`, `1.`, `+1`) and every message is jq's;
/// the strict and quick reader of one text is [io.direktiv.json.JsonReader]. A text is held whole
/// ([WholeShape]) or taken apart into events while it is read ([EventShape]).
package io.direktiv.json.texts;
