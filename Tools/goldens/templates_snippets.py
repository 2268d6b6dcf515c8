"""Small templates, one feature each, for the goldens of MartletChat (see templates.py)."""

VARIABLES = {
    "n": 7,
    "zero": 0,
    "neg": -3,
    "pi": 3.14159,
    "half": 2.5,
    "big": 1e22,
    "yes": True,
    "no": False,
    "nil": None,
    "empty": "",
    "word": "Hello",
    "text": "  The quick  brown fox\n jumps over\tthe lazy dog. ",
    "uni": "naïve café 日本語 🙂 ﬁn ß Σας",
    "html": "<a href=\"x\">T'om & J</a>",
    "lines": "one\ntwo\r\n\nthree\n",
    "nums": [3, 1, 2],
    "mixed": [1, "a", None, True, 2.5, [1], {"k": "v"}],
    "words": ["banana", "Apple", "cherry", "apple"],
    "nested": [[1, 2], [3, [4, 5]]],
    "d": {"b": 1, "a": 2, "C": 3},
    "deep": {"x": {"y": {"z": [10, 20, 30]}}},
    "keys": {"items": "shadow", "get": "own", "update": 5, "_private": 6},
    "users": [
        {"name": "Ann", "age": 31, "city": "Rome", "tags": ["x", "y"]},
        {"name": "bob", "age": 25, "city": "paris", "tags": []},
        {"name": "Cy", "age": 31, "city": "Paris"},
    ],
    "quote": "it's",
    "both": "it's \"so\"",
    "ctrl": "a\u0000b\u007f\u00a0\u200b\u2028\ue000\t\\",
}

EXPRESSIONS = r"""
1 + 2 * 3
(1 + 2) * 3
2 ** 3 ** 2
-2 ** 2
7 // 2
-7 // 2
7 // -2
7 % 3
-7 % 3
7 % -3
7.5 // 2
-7.5 % 2
7.5 % -2
1 / 2
4 / 2
2 ** -1
2 ** 0.5
0.1 + 0.2
1e16
1e15
123456789012345680.0
1e-4
1e-5
1.5e300 * 1e10
1e308 * 10
-1e308 * 10
1_000 + 0x1F + 0o17 + 0b101
1_0.5_0
0.1
100.0
-0.0
5 - -3
+5
- - 5
not 1
not not 1
not 0 == 1
1 < 2 < 3
1 < 2 > 5
1 == 1.0
1 == true
0 == false
"a" < "b"
"a" == "a"
"Z" < "a"
[1, 2] < [1, 3]
[1, 2] == [1, 2]
(1, 2) == [1, 2]
{"a": 1} == {"a": 1.0}
1 in [1, 2]
"a" in "cat"
"" in ""
"x" not in "cat"
"b" in d
1 in d
none in [none]
n in [1, 7]
1 and 2
0 and 2
0 or 2
"" or "x"
none or 0
1 or undefinedthing.x
"a" if yes else "b"
"a" if no else "b"
"a" if no
("a" if no) is defined
"a" if yes else missing.attr
1 if 0 else 2 if 0 else 3
"a" ~ 1 ~ none ~ 2.0 ~ true ~ [1]
"a" + "b"
"a" * 3
3 * "ab"
[1] * 2 + [3]
(1,) + (2, 3)
"-" * 0
"-" * -1
"a" "b" 'c'
'it''s'
"tab\tnl\nq\"b\\x\x41\u00e9\101\q"
"line\
continued"
true
True
false
none
None
[]
()
{}
(1,)
[1, 2,]
{"a": 1, "b": [1, 2], 3: none, "a": 5}
{1: "x", true: "y", 1.0: "z"}
{(1, 2): 3}
word
word.upper()
word["upper"]()
word.upper
word[0]
word[-1]
word[10]
word[10] is defined
word[1:3]
word[::-1]
word[::2]
word[-3:]
word[:-1]
word[4:1:-1]
word[100:]
word[:]
nums[0]
nums[-1]
nums[5] is defined
nums[::-1]
nums[1:]
nums[::-2]
(1, 2, 3)[1:]
range(10)[2:5]
range(10)[::-3]|list
range(5)
range(2, 8, 3)|list
range(5, 0, -2)|list
range(0)|list
range(3)|last
range(3) == range(0, 3)
3 in range(5)
range(5).index(3)
range(5).count(9)
d.b
d["b"]
d.missing is defined
d.missing
d.get("b")
d.get("zz")
d.get("zz", 5)
d.items()
d.keys()
d.values()
d.items()|list
d.keys()|list|sort
d|length
d|list
d.copy()
keys.items()
keys["items"]
keys.get("items")
keys["get"]
keys.update is defined
keys["update"]
keys._private
deep.x.y.z[1]
deep["x"]["y"].z.0
deep.x["y"]["z"][-1]
users[0].name
users.0.name
users[0]["tags"][1]
nil.foo is defined
none.foo
n.foo is defined
n.real
pi.is_integer()
(5).bit_length()
mixed
mixed|string
nested
deep
both
[quote, both, ctrl, uni]
ctrl|tojson
uni
uni|length
uni[6:9]
uni|upper
uni|lower
uni|title
uni|capitalize
uni|reverse
uni|tojson
uni|tojson(ensure_ascii=true)
uni.split()
uni.swapcase()
uni.casefold()
uni.find("日")
uni.encode is defined
text|trim
text.strip()
text.split()
text.split(" ")
text.split(None, 2)
text.rsplit(None, 2)
text.split("o", 1)
text.rsplit("o", 1)
text.split(sep="o", maxsplit=2)
text|wordcount
"a,b,,c".split(",")
"a,b,,c".rsplit(",", 1)
"".split()
"".split(",")
"abc".split("")
"a1b2".split("1")[0]
"xxhixx".strip("x")
"xyhiyx".lstrip("xy")
"xyhiyx".rstrip("xy")
"  a ".lstrip() ~ "|"
"  a ".rstrip() ~ "|"
"abc".startswith("ab")
"abc".startswith(("x", "a"))
"abc".startswith("b", 1)
"abc".endswith("bc")
"abc".endswith(("x", "c"))
"abc".endswith("b", 0, 2)
"aXbXc".replace("X", "-")
"aXbXc".replace("X", "-", 1)
"abc".replace("", "-")
"abc".replace("", "-", 2)
"aaa".replace("aa", "b")
"abcabc".find("c")
"abcabc".find("c", 3)
"abcabc".find("z")
"abcabc".rfind("c")
"abcabc".rfind("a", 0, 3)
"abcabc".index("b")
"abc".index("z")
"abcabc".count("bc")
"abc".count("")
"aaaa".count("aa")
"abc".find("")
"abc".find("", 5)
"abc".rfind("")
"a-b-c".partition("-")
"a-b-c".rpartition("-")
"abc".partition("-")
"abc".rpartition("-")
"TestHook".removeprefix("Test")
"MiscTests".removesuffix("Tests")
"abc".removeprefix("")
"hello world".title()
"they're bill's".title()
"they're bill's"|title
"hello-world (foo) [bar] <baz>"|title
"HELLO wORLD".capitalize()
"HELLO"|lower
"hello"|upper
"ǆ".title()
"abc".center(10) ~ "|"
"abc".center(8, "*")
"abcd".center(9, "*")
"abc".ljust(6, ".")
"abc".rjust(6, ".")
"42".zfill(5)
"-42".zfill(5)
"abc".zfill(2)
"abc".isalpha()
"ab1".isalnum()
"12".isdigit()
"½".isnumeric()
"½".isdigit()
"²".isdigit()
"²".isdecimal()
"".isalpha()
" \t".isspace()
"abc".islower()
"ABC".isupper()
"Abc Def".istitle()
"abc".isidentifier()
"1a".isidentifier()
"é".isascii()
"a\n".isprintable()
lines.splitlines()
lines.splitlines(true)
"a\x0bb\x1cc\u2028d".splitlines()
"a\tb".expandtabs(4)
",".join(["a", "b"])
",".join(words)
"".join([])
",".join("abc")
",".join([1])
"{} {}".format(1, "a")
"{0} {1} {0}".format("a", "b")
"{name}!".format(name="x")
"{0.name} {0[age]} {1[0]}".format(users[0], nums)
"{:>5}|{:<5}|{:^5}|{:*^7}".format("a", "b", "c", "d")
"{:5d}|{:05d}|{:+d}|{:x}|{:#X}|{:b}|{:,}".format(42, 42, 42, 255, 255, 5, 1234567)
"{:.2f}|{:8.3f}|{:e}|{:g}|{:%}".format(3.14159, 2.5, 12345.678, 0.0001, 0.25)
"{!r} {!s}".format("a", "b")
"{{}} {}".format(1)
"{:{}}".format("a", 5)
"{:.3}".format("abcdef")
"{}".format(1.0)
"{:.3}".format(1234.5)
"{:.3}".format(12.0)
"{}".format(none)
"{} {}".format(1)
"{x}".format(y=1)
"%s and %s" % ("a", 1)
"%s" % "x"
"%s" % [1, 2]
"%s" % ((1, 2),)
"%d" % 3.9
"%5d|%-5d|%05d|%+d" % (42, 42, 42, 42)
"%.2f" % 3.14159
"%5.1f|%e|%g|%G" % (2.25, 12345.678, 0.00001, 1e20)
"%x %X %o %#x" % (255, 255, 8, 255)
"%c%c" % ("a", 66)
"%r %s" % ("a", "b")
"%%"  % ()
"%(a)s-%(b)d" % {"a": 1, "b": 2}
"%s" % ()
"%s %s" % "a"
"%s" % ("a", "b")
"%d" % "x"
"%5s|%-5s|" % ("ab", "cd")
"%.2s" % "abc"
"%s" % none
"%s|%s" | format("a", 2)
"%(x)s" | format(x=5)
words|sort
words|sort(reverse=true)
words|sort(case_sensitive=true)
words|sort(true)
nums|sort
users|sort(attribute="age")|map(attribute="name")|list
users|sort(attribute="age,name", reverse=true)|map(attribute="name")|list
users|sort(attribute="city")|map(attribute="city")|list
mixed|sort
words|unique|list
words|unique(case_sensitive=true)|list
users|unique(attribute="age")|map(attribute="name")|list
nums|min
nums|max
words|min
words|max
users|max(attribute="age")
users|min(attribute="age")
[]|min
[]|max is defined
nums|sum
[1, 2.5]|sum
users|sum(attribute="age")
[[1], [2]]|sum(start=[])
["a"]|sum
nums|first
nums|last
[]|first
[]|first is defined
[]|last is defined
"abc"|first
"abc"|last
d|first
d|last
nums|length
"abc"|count
n|length
missing|length
nums|reverse|list
"abc"|reverse
nums|reverse|first
d|reverse|list
words|join
words|join(", ")
nums|join("-")
users|join(", ", attribute="name")
mixed|join("|")
missing|join(",")
"abc"|join("-")
d|join("-")
words|map("upper")|list
words|map("replace", "a", "4")|list
words|map("length")|sum
users|map(attribute="name")|join(",")
users|map(attribute="tags.0", default="none")|list
users|map(attribute="tags.0")|list
users|map(attribute="zip", default=0)|list
nested|map("first")|list
nested|map(attribute=0)|list
words|map("nosuch")|list
nums|select("odd")|list
nums|select("gt", 1)|list
nums|select(">=", 2)|list
nums|select("divisibleby", 2)|list
mixed|select|list
mixed|select("string")|list
mixed|reject("none")|list
mixed|reject|list
nums|reject("equalto", 2)|list
users|selectattr("tags")|map(attribute="name")|list
users|selectattr("age", "equalto", 31)|map(attribute="name")|list
users|selectattr("age", ">", 30)|list|length
users|selectattr("city", "in", ["Rome"])|map(attribute="name")|list
users|rejectattr("age", "eq", 31)|map(attribute="name")|list
users|selectattr("tags", "defined")|list|length
users|selectattr("tags", "undefined")|map(attribute="name")|first
users|groupby("age")|list
users|groupby("city")|map("first")|list
users|groupby("city", case_sensitive=true)|map("first")|list
(users|groupby("age"))[0].grouper
(users|groupby("age"))[0].list|length
users|groupby("zip", default="?")|map("first")|list
d|dictsort
d|dictsort(true)
d|dictsort(by="value", reverse=true)
d|dictsort(by="x")
d|items|list
missing|items|list
n|items|list
[1, 2, 3, 4, 5]|batch(2)|list
[1, 2, 3, 4, 5]|batch(2, 0)|list
[1, 2, 3, 4, 5]|slice(2)|list
[1, 2, 3, 4, 5]|slice(3, "x")|list
[1, 2]|slice(0)|list
"abc"|list
nil|list
nums|list is sameas nums
nums|string
nil|string
1.0|string
missing|default("x")
missing|default
nil|default("x")
nil|default("x", true)
""|d("x", boolean=true)
missing.foo|default("x")
users[0].zip|default("none")
"42"|int
"42.9"|int
"abc"|int
"abc"|int(7)
"0x1A"|int(0, 16)
"1_000"|int
" 12 "|int
"-5"|int
"+5"|int
"101"|int(base=2)
3.99|int
-3.99|int
true|int
nil|int
[]|int(3)
"1e3"|int
"1e400"|int
"3.5"|float
"abc"|float
"abc"|float(1.5)
"inf"|float
"nan"|float
".5"|float
"5."|float
"1e5"|float
"1_0.5"|float
"0x10"|float(9)
5|float
-5|abs
-2.5|abs
"a"|abs
42.55|round
42.5|round
43.5|round
42.55|round(1)
2.675|round(2)
42|round
1234|round(-2)
1250|round(-2)
1250.0|round(-2)
42.55|round(1, "floor")
42.51|round(1, "ceil")
42.55|round(1, "x")
-2.5|round
"hello world"|capitalize
"abc"|center(9) ~ "|"
"foo bar baz qux"|truncate(9)
"foo bar baz qux"|truncate(9, true)
"foo bar baz qux"|truncate(11)
"foo bar baz qux"|truncate(11, false, "...", 0)
"foo bar baz qux"|truncate(2)
"a b"|replace(" ", "_")
"aaaa"|replace("a", "b", 2)
123|replace(2, "x")
"abc"|indent
"a\nb\n\nc"|indent
"a\nb\n\nc"|indent(2, true)
"a\nb\n\nc"|indent(2, blank=true)
"a\nb"|indent("> ", first=true)
"a\nb\n"|indent(2)
nil|indent
html|e
html|escape|escape
html|forceescape
html|safe
(html|e) + "<"
"<" + (html|e)
(html|e) ~ "<"
("<b>"|safe).upper()
[html|e]
("<"|e)|length
"a b/c?d=é&"|urlencode
{"a b": "c/d", "e": 1}|urlencode
[("x", 1), ("y", "z w")]|urlencode
5|urlencode
{"class": "a", "id": none, "x": "<"}|xmlattr
{"a b": 1}|xmlattr
1|filesizeformat
999|filesizeformat
1000|filesizeformat
1234567|filesizeformat
1048576|filesizeformat(true)
1e30|filesizeformat
users[0]|attr("name") is defined
word|attr("upper") is callable
mixed|tojson
d|tojson
d|tojson(indent=2)
deep|tojson(indent=4)
nested|tojson(indent=0)
{}|tojson(indent=2)
[]|tojson(indent=2)
d|tojson(sort_keys=true)
d|tojson(separators=(",", ":"))
d|tojson(indent=2, separators=(",", " = "))
{1: 2, none: 3, true: 4, 2.5: 5}|tojson
{(1,): 2}|tojson
(1, 2)|tojson
1.0|tojson
1e22|tojson
("nan"|float)|tojson
("inf"|float)|tojson
"</script>&'\"\\/"|tojson
html|tojson
missing|tojson
range(3)|tojson
[missing]|tojson
d|tojson("x")
n is defined
missing is defined
missing is undefined
nil is none
n is none
missing is none
word is string
n is string
n is number
yes is number
pi is number
n is integer
yes is integer
pi is float
yes is boolean
1 is boolean
yes is true
1 is true
no is false
d is mapping
nums is mapping
nums is sequence
word is sequence
d is sequence
n is sequence
missing is sequence
d.items() is sequence
nums is iterable
n is iterable
missing is iterable
word.upper is callable
n is callable
missing is callable
range is callable
n is odd
n is even
n is divisibleby 7
n is divisibleby(2)
"abc" is lower
"ABC" is upper
"aBc" is lower
n is eq 7
n is ne 7
n is gt 3
n is lt 3
n is ge 7
n is le 6
n is equalto 7
1 is in [1, 2]
"a" is in "cat"
n is not odd
n is not none
not n is odd
n is odd and n is gt 5
none is sameas none
1 is sameas true
html is escaped
(html|e) is escaped
"upper" is filter
"nosuch" is filter
"odd" is test
word is string and word is not none
"5" is odd
missing is odd
missing
missing.x
missing["x"]
missing()
missing + 1
missing ~ "x"
missing == missing2
missing == none
missing < 1
"a" in missing
missing in ["a"]
missing|upper
missing|trim
missing|list
missing|first
missing|string
missing|int
missing|float
missing|abs
missing|round
missing|replace("a", "b")
missing[1:]
not missing
missing or "x"
-missing
"%s" % missing
[missing]
1 + "a"
"a" + 1
"a" + none
none + "a"
[] + ()
1 < "a"
none < 1
[1] < ["a"]
{} < {}
1 in 5
1 in "abc"
[] in {}
{[]: 1}
{{}: 1}
1 / 0
1 // 0
1 % 0
1.0 / 0
1.0 % 0
0 ** -1
0.0 ** -1
10.0 ** 400
-"a"
+"a"
n()
word.nosuch()
none.x.y
nums.append(4)
nums.append
nums.append is defined
d.update({"x": 1})
d.pop("a")
d.clear()
nums["append"]
word.__class__
word.__class__.__mro__
().__class__ is defined
word["__class__"]
range.__globals__
"{0.__class__}".format(1)
"{0.__class__.__mro__}".format(1)
dict(a=1, b=2)
dict([("a", 1)], b=2)
dict({"a": 1}, a=5)
dict([1])
dict()
dict.fromkeys("ab", 0)
{}.fromkeys([1, 2])
range(1, 2, 3, 4)
range("a")
range(1.5)
range(0, 5, 0)
range(200000)|length
range()
range(a=1)
namespace(a=1).a
namespace({"a": 1}).a
namespace(a=1).b is defined
namespace(a=1)
namespace(_a=1)
namespace(a=1)._a is defined
namespace(a=1)["a"] is defined
cycler("a", "b").next()
cycler()
joiner("|")()
strftime_now is defined
raise_exception("stop")
raise_exception
raise_exception is defined
undefined_function()
nums|nosuchfilter
nums is nosuchtest
d[nums] is defined
d[(1,)] is defined
nums["0"] is defined
nums[1.0] is defined
nums[true]
word[true]
none[0] is defined
n[0] is defined
n[1:]
d[1:]
nums["a":]
nums[::0]
nums[none:2]
nums.index(2)
nums.index(9)
nums.count(1)
(1, 2, 1).count(1)
nums.copy()
word.join(["a", "b"])
word.upper(1)
word.split(x=1)
word.replace("a")
word.replace(1, 2)
word.strip(1)
word.startswith(1)
word.find(1)
word|upper(1)
word|replace("a")
word|default(1, 2, 3)
word|join(", ", "x")
word|trim("Ho")
*nums
dict(**d)
dict(*[[("a", 1)]])
"{} {} {}".format(*nums)
"{a}".format(**{"a": 1})
dict(**{1: 2})
dict(a=1, **{"a": 2})
range(*[2, 5])|list
[1, 2][0]
{"a": 1}["a"]
{"a": 1}.a
(1, 2)[1]
"abc"[1]
(n)
((((n))))
[[[[n]]]]
n|string|length
(n|string)|length + 1
n + 1|string|length
-n|abs
n is odd is true
1 if n is odd else 2
[n, word|upper, d.b]
{word: n}
words[1:]|map("upper")|join(" ")|lower
users|map(attribute="name")|map("lower")|select("in", ["ann", "cy"])|list
(nums|select("odd"))|length
(nums|select("odd")) is iterable
"yes" if nums|select("gt", 100) else "no"
"yes" if nums|select("gt", 100)|list else "no"
d == {"C": 3, "b": 1, "a": 2}
nums == nums|sort
"a" == ("a"|e)
1 == "1"
9007199254740993 == 9007199254740992.0
9007199254740993 > 9007199254740992.0
9223372036854775807
-9223372036854775807 - 1
2 ** 62
half * 2
big
3.0 * 2
7 / 7.0
1e3|int
"abc" > "abd"
"é" > "z"
"🙂" > "ﬁ"
[3, 1] > [2, 9]
(1,) < (1, 2)
true + true
true and "x"
"a" is string is true
""|length
none|length
"x" * 1000000000000
[1] * 100000000000
9223372036854775807 + 1
10 ** 30
12345678901234567890123
""" + "\n".join(
    f'"{c}".upper() ~ "{c}".lower() ~ "{c}".title()' for c in ["ŉ", "ŸÿΣσς", "ᾳ", "İı"]
)

STATEMENTS = [
    "{% if n > 5 %}big{% elif n > 3 %}mid{% else %}small{% endif %}",
    "{% if missing %}a{% elif nil %}b{% else %}c{% endif %}",
    "{% if n %}\n  yes\n{% endif %}\nend",
    "{% if yes and (no or n == 7) and not nil %}ok{% endif %}",
    "{% if 1, 2 %}t{% endif %}",
    "{% for x in nums %}{{ x }},{% endfor %}",
    "{% for x in nums %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}"
    "{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}",
    "{% for x in nums %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }} {% endfor %}",
    "{% for x in nums %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }}{% endfor %}",
    "{% for x in nums %}{{ loop.cycle('a', 'b') }}{% endfor %}",
    "{% for x in [1, 1, 2, 2, 1] %}{{ loop.changed(x) }} {% endfor %}",
    "{% for x in [] %}a{% else %}none{% endfor %}",
    "{% for x in missing %}a{% else %}none{% endfor %}",
    "{% for x in nil %}a{% else %}none{% endfor %}",
    "{% for x in 5 %}a{% endfor %}",
    "{% for x in nums if x > 1 %}{{ loop.index }}/{{ loop.length }}:{{ x }} {% endfor %}",
    "{% for x in nums if x > 9 %}a{% else %}none{% endfor %}",
    "{% for x in nums if loop.index > 1 %}{{ x }}{% endfor %}",
    "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}",
    "{% for k, v in d|items %}{{ k }}={{ v }};{{ loop.last }}{% endfor %}",
    "{% for k, v in d|dictsort %}{{ k }}={{ v }};{% endfor %}",
    "{% for k in d %}{{ k }}{% endfor %}",
    "{% for c in 'héy' %}[{{ c }}]{% endfor %}",
    "{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}",
    "{% for a, b in [(1, 2, 3)] %}{{ a }}{% endfor %}",
    "{% for a, b in [(1,)] %}{{ a }}{% endfor %}",
    "{% for a, b in ['xy', 'zw'] %}{{ b }}{{ a }}{% endfor %}",
    "{% for x in range(3) %}{% for y in range(2) %}{{ x }}{{ y }}{{ loop.index }} {% endfor %}{{ loop.index }};{% endfor %}",
    "{% for x in nums %}{% set y = x %}{% endfor %}{{ y is defined }}",
    "{% set y = 0 %}{% for x in nums %}{% set y = y + x %}{{ y }},{% endfor %}{{ y }}",
    "{% set ns = namespace(t=0) %}{% for x in nums %}{% set ns.t = ns.t + x %}{% endfor %}{{ ns.t }}",
    "{% set ns = namespace() %}{% set ns.a = 1 %}{% set ns.b = ns.a + 1 %}{{ ns.a }}{{ ns.b }}{{ ns }}",
    "{% set ns = namespace(x=1) %}{% set ns._x = 1 %}",
    "{% set d.x = 1 %}",
    "{% set missing.x = 1 %}",
    "{% for x in nums %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in nums %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}",
    "{% for x in nums %}{% continue %}{% else %}E{% endfor %}",
    "{% for x in nums %}{% break %}{% else %}E{% endfor %}",
    "{% for x in nums %}{{ x }}{% else %}E{% endfor %}",
    "{% for x in nums %}{% for y in nums %}{% if y == 1 %}{% break %}{% endif %}{{ x }}{{ y }} {% endfor %}{% endfor %}",
    "{% break %}",
    "{% for x in nums %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}",
    "{% for x in nums recursive %}{{ x }}{% endfor %}",
    "{% for x in nested recursive %}{% if x is iterable %}[{{ loop(x) }}]{% else %}{{ x }}@{{ loop.depth }} {% endif %}{% endfor %}",
    "{% for x in nums %}{{ loop(nums) }}{% endfor %}",
    "{% for x in nums|map('string') %}{{ x }}{{ loop.last }}{{ loop.length }} {% endfor %}",
    "{% for x in nums|select('odd') %}{{ loop.index }}{{ loop.revindex }}{{ x }}{{ loop.last }} {% endfor %}",
    "{% for x in nums %}{{ loop }}{% endfor %}",
    "{% for loop in nums %}{% endfor %}",
    "{% for x in nums %}{% set loop = 1 %}{% endfor %}",
    "{{ loop is defined }}",
    "{% set x = 1 %}{{ x }}",
    "{% set x, y = 1, 2 %}{{ x }}{{ y }}",
    "{% set x, y = [1] %}{{ x }}",
    "{% set (x, y) = 'ab' %}{{ y }}{{ x }}",
    "{% set x = 1, 2 %}{{ x }}",
    "{% set x = 1, %}{{ x }}",
    "{% set x %}a{{ n }}b{% endset %}[{{ x }}]{{ x|length }}",
    "{% set x | upper | trim %} ab {% endset %}[{{ x }}]",
    "{% set x | replace('a', 'b') %}aa{% endset %}{{ x }}",
    "{% set x = 1 %}{% if yes %}{% set x = 2 %}{% endif %}{{ x }}",
    "{% if no %}{% set x = 2 %}{% endif %}{{ x is defined }}",
    "{% if no %}{% set n = 2 %}{% endif %}{{ n }}",
    "{% set n = n + 1 %}{{ n }}",
    "{% set nums = nums[1:] %}{{ nums }}",
    "{% set true = 1 %}",
    "{% set 1 = 2 %}",
    "{% set x.y.z = 2 %}",
    "{% set x['a'] = 2 %}",
    "{% with a=1, b=n %}{{ a }}{{ b }}{% endwith %}{{ a is defined }}",
    "{% with n=n+1 %}{{ n }}{% endwith %}{{ n }}",
    "{% with a=1, b=a %}{{ b is defined }}{% endwith %}",
    "{% with %}{% set q = 1 %}{{ q }}{% endwith %}{{ q is defined }}",
    "{% with a, b = (1, 2) %}{{ a }}{{ b }}{% endwith %}",
    "{% macro m(a, b=2) %}{{ a }}-{{ b }};{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=4, a=5) }}{{ m() }}",
    "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(b=2) }}",
    "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, a=2) }}",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}",
    "{% macro m(a, b) %}{{ a }}{{ varargs|length }}{% endmacro %}{{ m(1, 2, 3, 4) }}",
    "{% macro m(n) %}{% if n > 0 %}{{ n }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(3) }}",
    "{% macro m() %}{{ n }}{% set n = 9 %}{{ n }}{% endmacro %}{{ m() }}{{ n }}",
    "{% macro m() %}{{ later }}{% endmacro %}{% set later = 5 %}{{ m() }}",
    "{{ m() }}{% macro m() %}x{% endmacro %}",
    "{% macro m(x) %}{{ m.name }}{{ m.arguments }}{{ m.catch_kwargs }}{{ m.catch_varargs }}{{ m.caller }}{% endmacro %}{{ m(1) }}",
    "{% macro m(x) %}<{{ x }}>{% endmacro %}{{ nums|map('string')|map('upper')|list }}{{ m(m('a')) }}{{ m }}",
    "{% macro m(a, b=1, c) %}{% endmacro %}",
    "{% macro m(a, a) %}{% endmacro %}",
    "{% macro box(t) %}[{{ t }}:{{ caller() }}]{% endmacro %}{% call box('x') %}body{{ n }}{% endcall %}",
    "{% macro each(l) %}{% for x in l %}{{ caller(x, loop.index) }}{% endfor %}{% endmacro %}{% call(v, i) each(nums) %}{{ i }}:{{ v }} {% endcall %}",
    "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}",
    "{% macro m() %}{{ caller is defined }}{% endmacro %}{{ m() }}{% call m() %}y{% endcall %}",
    "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}",
    "{% macro m(caller=5) %}{{ caller }}{% endmacro %}{{ m() }}",
    "{% macro m(caller) %}{{ caller }}{% endmacro %}",
    "{% call n %}x{% endcall %}",
    "{% for i in nums %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}",
    "{% macro a() %}A{{ b() }}{% endmacro %}{% macro b() %}B{% endmacro %}{{ a() }}",
    "{% macro m(d) %}{% for k, v in d.items() %}{{ k }}{% if v is mapping %}({{ m(v) }}){% else %}={{ v }}{% endif %},{% endfor %}{% endmacro %}{{ m(deep) }}",
    "{% macro m(x) %}\n  {{ x }}\n{% endmacro %}\n[{{ m(1) }}]",
    "{% macro m(x) -%}\n  {{ x }}\n{%- endmacro %}\n[{{ m(1) }}]",
    "{% filter upper %}abc{{ word }}{% endfilter %}",
    "{% filter upper|replace('A', 'x') %}abc{% endfilter %}",
    "{% filter indent(2, true) %}a\nb{% endfilter %}",
    "{% filter nosuch %}a{% endfilter %}",
    "{% print n, word %}",
    "{% generation %}a{{ n }}{% set q = 1 %}{% endgeneration %}{{ q is defined }}",
    "{% generation %}\nabc\n{% endgeneration %}\ndef",
    "{% for x in nums %}{% generation %}{{ x }}{% endgeneration %}{% endfor %}",
    "{% for x in nums %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
    "{% raw %}{{ not }} {% parsed %}{% endraw %}!",
    "{%- raw -%}  x  {%- endraw -%}  y",
    "  {% raw %}\n a {% endraw %}\nb",
    "{% raw %}unclosed",
    "a{# comment #}b",
    "a\n{# comment #}\nb",
    "a\n  {# comment #}\nb",
    "a\n  {#- comment -#}\n b",
    "a{# unclosed",
    "a{#",
    "a{# x -#}  b",
    "a{# x +#}\nb",
    "{#+ x #}\nb",
    "a {{- 1 -}} b",
    "a  {{ 1 }}  b",
    "a\n{{ 1 }}\nb\n",
    "a\n\n",
    "a\r\nb\rc\r\n",
    "  {{ 1 }}\n  {{ 2 }}",
    "  {% if yes %}\n    x\n  {% endif %}\n  y",
    "  {%+ if yes %}\n    x\n  {%+ endif %}\n  y",
    "  {%- if yes -%}\n    x\n  {%- endif -%}\n  y",
    "{% if yes +%}\nx{% endif %}",
    "{% if yes %}\n\nx{% endif %}",
    "x {% if yes %} y {% endif %} z",
    "\t {% if yes %}x{% endif %}\n",
    "a\n \u00a0{% if yes %}x{% endif %}",
    "{% for x in nums -%}\n  {{ x }}\n{%- endfor %}",
    "{% for x in nums %}\n  {{ x }}\n{% endfor %}",
    "{{ '{{' }}{{ '%}' }}{{ \"#}\" }}",
    "{{ {'a': {'b': 1}} }}",
    "{{ {'a': {'b': 1}}['a'] }}",
    "{{ {} }}{{ {1: 2}}}",
    "{{- ' a ' -}} b",
    "{{ -1 }}{{-1}}{{ 1 -}}",
    "{%if yes%}x{%endif%}",
    "{% if yes: %}x{% endif %}",
    "{{ 1",
    "{{ 1 }",
    "{% if yes %}",
    "{% if yes %}{% endfor %}",
    "{% endif %}",
    "{% else %}",
    "{% nosuch %}",
    "{% if %}x{% endif %}",
    "{% for x %}{% endfor %}",
    "{% for x in %}{% endfor %}",
    "{% set %}",
    "{% set x %}",
    "{% %}",
    "{{ }}",
    "{{ 1 2 }}",
    "{{ a b }}",
    "{{ (1 }}",
    "{{ [1, 2 }}",
    "{{ {1} }}",
    "{{ 1 + }}",
    "{{ x. }}",
    "{{ x.'a' }}",
    "{{ x|}}",
    "{{ x is }}",
    "{{ x is odd is even is odd }}",
    "{{ f(a=1, 2) }}",
    "{{ f(a=1, a=2) }}",
    "{{ f(**a, *b) }}",
    "{{ 'unclosed }}",
    "{{ \"a' }}",
    "{{ a ! b }}",
    "{{ a & b }}",
    "{{ @ }}",
    "{{ $x }}",
    "{{ a; b }}",
    "{{ ) }}",
    "{{ ( ] }}",
    "{{ 012 }}",
    "{{ 1.2.3 }}",
    "{{ nums.0.1 }}",
    "{{ 1.foo }}",
    "{{ 1..foo }}",
    "{{ '\\x4' }}",
    "{{ '\\u12' }}",
    "{{ not }}",
    "{{ in }}",
    "{{ a if }}",
    "{{ a not b }}",
    "{{ 1 if 1 else }}",
    "{{ nums|map }}",
    "{{ nums|map()|list }}",
    "{{ nums[1,2] is defined }}",
    "{{ nums[] }}",
    "{% if nums|nosuch %}{% endif %}",
    "{% if no %}{{ 1|nosuch }}{% endif %}ok",
    "{% if no %}{{ 1 is nosuch }}{% endif %}ok",
    "{{ 1|nosuch if no else 2 }}",
    "{{ 1|nosuch }}{% if %}",
    "{% for x in [] %}{{ 1|nosuch }}{% endfor %}",
    "{% if no %}{% for x in [] %}{{ 1|nosuch }}{% endfor %}{% endif %}",
    "{% if yes %}{{ 1|nosuch }}{% endif %}",
    "{% macro m() %}{{ 1|nosuch }}{% endmacro %}",
    "{% include 'x' %}",
    "{% import 'x' as y %}",
    "{% from 'x' import y %}",
    "{% extends 'x' %}",
    "{% do nums.append(1) %}",
    "{{ raise_exception('No ' ~ word) }}",
    "{% if no %}{{ raise_exception('x') }}{% endif %}fine",
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.reset() }}{{ c.current }}",
    "{% set j = joiner(', ') %}{% for x in nums %}{{ j() }}{{ x }}{% endfor %}",
    "{% set g = nums|map('string') %}{{ g|join(',') }}|{{ g|join(',') }}",
    "{% set g = nums|select('odd') %}{{ g|first }}{{ g|list }}{{ g|list }}",
    "{% set g = d.items() %}{{ g|list|length }}{{ g|list|length }}",
    "{{ nums|map(attribute='x.y')|first }}",
    "{% set ns = namespace(l=[]) %}{% for x in nums %}{% set ns.l = ns.l + [x * 2] %}{% endfor %}{{ ns.l }}",
    "{% set ns = namespace(stop=false) %}{% for x in nums if not ns.stop %}{{ x }}{% if x == 1 %}{% set ns.stop = true %}{% endif %}{% endfor %}",
    "{% set ns = namespace(a=namespace(b=1)) %}{{ ns.a.b }}",
    "{% for m in users[::-1] %}{{ (users|length - 1) - loop.index0 }}{{ m.name }} {% endfor %}",
    "{% for u in users %}{{ u.name }}{{ ', ' if not loop.last }}{% endfor %}",
    "{% for u in users %}{% if loop.first %}{{ u.name }}{% elif loop.last %}and {{ u.name }}{% else %}, {{ u.name }}{% endif %}{% endfor %}",
    "{% for u in users|sort(attribute='age') %}{% if loop.changed(u.age) %}{{ u.age }}:{% endif %}{{ u.name }} {% endfor %}",
    "{% for g in users|groupby('age') %}{{ g.grouper }}:{{ g.list|map(attribute='name')|join('/') }};{% endfor %}",
    "{% for age, list in users|groupby('age') %}{{ age }}{{ list|length }}{% endfor %}",
    "{{ users | selectattr('name', 'equalto', 'bob') | map(attribute='age') | first }}",
    "{%- set x = 5 -%}\n  {%- if x -%}\n {{ x }} {%- endif -%} \n!",
    "{{ x }}{% set x = 1 %}{{ x }}",
    "{% for i in nums %}{{ word }}{% set word = i %}{{ word }}{% endfor %}{{ word }}",
    "{% set x = 'a' %}{% for i in nums %}{% if loop.first %}{% set x = 'b' %}{% endif %}{{ x }}{% endfor %}",
    "{% for i in nums %}{% set x = i %}{% for j in nums %}{{ x }}{% set x = j %}{% endfor %}{{ x }};{% endfor %}",
    "{% set a = b = 1 %}",
    "{{ '%s' % 'a' ~ 'b' }}{{ 'a' ~ 1 + 2 }}",
    "{{ 2 * 3 ~ 4 }}{{ 10 - 2 - 3 }}{{ 100 / 10 / 2 }}",
    "{{ 1 in [1] and 2 not in [1] }}{{ not 1 in [2] }}",
    "{{ [1, 2, 3] | sum > 5 }}{{ 'a' | upper == 'A' }}",
    "{{ n is odd or missing.x }}",
    "{{ d.items() | map('last') | list }}{{ d.values() | sum }}",
    "{% if 'b' in d %}{% if d['b'] is defined and d['b'] == 1 %}one{% endif %}{% endif %}",
    "{%\n  set x = [\n 1,\n 2\n ]\n%}{{ x }}",
    "{{\n  'multi'\n  ~ 'line'\n}}",
    "é{{ 'ü' }}{% if yes %}日本{% endif %}🙂",
    "{{ é }}{% set é = 1 %}{{ é }}",
    "{% set loop = 5 %}{{ loop }}",
    "{{ loop }}{% for x in nums %}{% endfor %}{{ loop is defined }}",
    "{% for x in nums %}{% include 'a' %}{% endfor %}",
    "{% if true %}{% if true %}{% if true %}x{% endif %}{% endif %}{% endif %}",
    "{{ ((((((((((1)))))))))) }}{{ [[[[[[[[[[1]]]]]]]]]] }}",
    "{% set x = {'a': [1, {'b': (1, 2)}]} %}{{ x }}{{ x.a[1].b[0] }}{{ x|tojson }}",
    "{% for x in ((1, 2), (3, 4)) %}{{ x }}{% endfor %}",
    "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}",
    "{% set x = nums if yes else [] %}{{ x }}",
    "{% for x in nums if yes else [] %}{{ x }}{% endfor %}",
    "{% for x in nums %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}",
    "{% macro m() %}[{{ n }}]{% endmacro %}{{ m() }}{% set n = 1 %}{{ m() }}",
    "{% if yes %}{% set n = 1 %}{% endif %}{% for x in nums %}{{ n }}{% endfor %}",
    "{% for x in nums %}{{ n }}{% endfor %}{% if no %}{% set n = 1 %}{% else %}{% set n = 2 %}{% endif %}{{ n }}",
    "{% for x in nums %}{{ n }}{% endfor %}{% if no %}{% set n = 1 %}{% elif no %}{% set n = 3 %}{% else %}"
    "{% set n = 2 %}{% endif %}{{ n }}",
    "{% for x in nums %}{% for y in nums %}{{ n }}{% endfor %}{% set n = x %}{{ n }}{% endfor %}{{ n }}",
    "{% with %}{{ n }}{% endwith %}{% set n = 1 %}{% with %}{{ n }}{% endwith %}",
    "{% set w %}{{ n }}{% endset %}{% set n = 1 %}{{ w }}",
    "{% for x in (nums if no else []) %}{{ x }}{% else %}E{% endfor %}",
]
