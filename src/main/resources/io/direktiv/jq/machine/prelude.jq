def recurse(f): def r: ., (f | r); r;
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def recurse: recurse(.[]?);
def range($n): range(0; $n);
def range($from; $to; $by):
  if $by > 0 then $from | while(. < $to; . + $by)
  elif $by < 0 then $from | while(. > $to; . + $by)
  else empty end;
def while(cond; update): def _while: if cond then ., (update | _while) else empty end; _while;
def until(cond; update): def _until: if cond then . else (update | _until) end; _until;
def repeat(f): def _repeat: f, _repeat; _repeat;
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def values: select(. != null);
def nulls: select(. == null);
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def scalars: select(type | . != "array" and . != "object");
def isfinite: type == "number" and (isinfinite | not);
def finites: select(isfinite);
def normals: select(isnormal);
def error(msg): msg | error;
def add(f): reduce f as $x (null; . + $x);
def first(f): label $out | (f | ., break $out);
def last(f): reduce f as $x (null; [$x]) | if . then .[0] else empty end;
def first: .[0];
def last: .[-1];
def isempty(g): label $go | (g | false, break $go), true;
def limit($n; f):
  if $n > 0 then _limit($n; f)
  elif $n == 0 then empty
  else error("limit doesn't support negative count") end;
def skip($n; f):
  if $n > 0 then _skip($n; f)
  elif $n == 0 then f
  else error("skip doesn't support negative count") end;
def nth($n): .[$n];
def nth($n; f):
  if $n < 0 then error("nth doesn't support negative indices")
  else first(skip($n; f)) end;
def all(g; cond): isempty(first(g | cond | select(. | not)));
def any(g; cond): isempty(first(g | cond | select(.))) | not;
def all(cond): all(.[]; cond);
def any(cond): any(.[]; cond);
def all: all(.);
def any: any(.);
def in(xs): . as $x | xs | has($x);
def inside(xs): . as $x | xs | contains($x);
def del(f): delpaths([path(f)]);
def paths: path(..) | select(length > 0);
def paths(node_filter): . as $dollar | paths | select(. as $p | $dollar | getpath($p) | node_filter);
def pick(pathexps): . as $top | reduce path(pathexps) as $p (null; setpath($p; $top | getpath($p)));
def _assign(paths; $value): reduce path(paths) as $p (.; setpath($p; $value));
def _modify(paths; update):
  reduce path(paths) as $p ([., []];
    . as $s
    | label $out
    | (($s[0] | getpath($p) | update) as $new | [($s[0] | setpath($p; $new)), $s[1]] | ., break $out),
      [$s[0], $s[1] + [$p]])
  | . as $s | $s[0] | delpaths($s[1]);
def to_entries: [keys_unsorted[] as $k | {key: $k, value: .[$k]}];
def from_entries: reduce .[] as $x ({};
  . + { ($x | if .key == null then .k // .name // .Name // .K // .Key
         else .key end
         | if type == "string" then . else tojson end):
        ($x | if has("value") then .value elif has("v") then .v else .Value end) });
def with_entries(f): to_entries | map(f) | from_entries;
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): _unique_by(map([f]));
def unique: group_by(.) | map(.[0]);
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def walk(f): def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w;
def todate: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdateiso8601: strptime("%Y-%m-%dT%H:%M:%SZ") | mktime;
def todateiso8601: strftime("%Y-%m-%dT%H:%M:%SZ");
def fromdate: fromdateiso8601;
def match(re; mode): _match(re; mode; false) | .[];
def match($val): ($val | type) as $vt
  | if $vt == "string" then match($val; null)
    elif $vt == "array" and ($val | length) > 1 then match($val[0]; $val[1])
    elif $vt == "array" and ($val | length) > 0 then match($val[0]; null)
    else error($vt + " not a string or array") end;
def test(re; mode): _match(re; mode; true);
def test($val): ($val | type) as $vt
  | if $vt == "string" then test($val; null)
    elif $vt == "array" and ($val | length) > 1 then test($val[0]; $val[1])
    elif $vt == "array" and ($val | length) > 0 then test($val[0]; null)
    else error($vt + " not a string or array") end;
def _capture_object: [.captures | .[] | select(.name != null) | {key: .name, value: .string}] | from_entries;
def capture(re; mods): match(re; mods) | _capture_object;
def capture($val): match($val) | _capture_object;
def scan($re; $flags): match($re; "g" + $flags)
  | if (.captures | length) > 0 then [.captures | .[] | .string] else .string end;
def scan($re): scan($re; null);
def splits($re; flags): split($re; flags) | .[];
def splits($re): splits($re; null);
def split($re; flags): . as $s
  | [foreach ((match($re; flags + "g") | [.offset, .length]), null) as $m ([0, null];
      if $m == null then [.[0], $s[.[0]:]] else [$m[0] + $m[1], $s[.[0]:$m[0]]] end; .[1])];
def ascii_downcase: explode | map(if 65 <= . and . <= 90 then . + 32 end) | implode;
def ascii_upcase: explode | map(if 97 <= . and . <= 122 then . - 32 end) | implode;
def sub($re; str; $flags): . as $in
  | [match($re; $flags)
     | . as $edit
     | {at: .offset, end: (.offset + .length),
        texts: [$edit | _capture_object | str]}]
  | . as $edits
  | ($edits | map(.texts | length) | max // 0) as $n
  | if $n == 0 then $in
    else range($n) as $i
      | reduce $edits[] as $e ([0, null];
          [$e.end, if $i < ($e.texts | length) then .[1] + ($in[.[0]:$e.at] + $e.texts[$i]) else .[1] end])
      | .[1] + $in[.[0]:]
    end;
def sub($re; str): sub($re; str; "");
def gsub($re; str; $flags): sub($re; str; $flags + "g");
def gsub($re; str): sub($re; str; "g");
def tostream: path(def r: (.[]? | r), .; r) as $p | getpath($p) | reduce path(.[]?) as $q ([$p, .]; [$p + $q]);
def fromstream(f): {x: null, e: false} as $init
  | foreach f as $i ($init;
      if .e then $init else . end
      | if $i | length == 2
        then setpath(["e"]; $i[0] | length == 0) | setpath(["x"] + $i[0]; $i[1])
        else setpath(["e"]; $i[0] | length == 1) end;
      if .e then .x else empty end);
def truncate_stream(stream): . as $n | null | stream | . as $input
  | if (.[0] | length) > $n then setpath([0]; .[0][$n:]) else empty end;
def INDEX(stream; idx_expr): reduce stream as $row ({}; .[$row | idx_expr | tostring] |= $row);
def INDEX(idx_expr): INDEX(.[]; idx_expr);
def JOIN($idx; idx_expr): [.[] | [., $idx[idx_expr]]];
def JOIN($idx; stream; idx_expr): stream | [., $idx[idx_expr]];
def JOIN($idx; stream; idx_expr; join_expr): stream | [., $idx[idx_expr]] | join_expr;
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
def combinations: if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end;
def combinations(n): . as $dot | [range(n)] | map($dot) | combinations;
def have_literal_numbers: true;
def have_decnum: true;
def debug(msgs): (msgs | debug | empty), .;
def inputs: try repeat(input) catch if . == "break" then empty else error end;
def halt_error: halt_error(5);
