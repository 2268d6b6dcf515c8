"""Plain facts the demo model is taught. Everything here is common knowledge, typed by hand."""

# The 193 members and 2 observers of the United Nations, as "country:capital".
# A leading "the " is the article used inside a sentence.
_CAPITALS = """
Afghanistan:Kabul|Albania:Tirana|Algeria:Algiers|Andorra:Andorra la Vella|Angola:Luanda
Antigua and Barbuda:Saint John's|Argentina:Buenos Aires|Armenia:Yerevan|Australia:Canberra
Austria:Vienna|Azerbaijan:Baku|the Bahamas:Nassau|Bahrain:Manama|Bangladesh:Dhaka
Barbados:Bridgetown|Belarus:Minsk|Belgium:Brussels|Belize:Belmopan|Benin:Porto-Novo
Bhutan:Thimphu|Bolivia:Sucre|Bosnia and Herzegovina:Sarajevo|Botswana:Gaborone
Brazil:Brasilia|Brunei:Bandar Seri Begawan|Bulgaria:Sofia|Burkina Faso:Ouagadougou
Burundi:Gitega|Cambodia:Phnom Penh|Cameroon:Yaounde|Canada:Ottawa|Cape Verde:Praia
the Central African Republic:Bangui|Chad:N'Djamena|Chile:Santiago|China:Beijing
Colombia:Bogota|the Comoros:Moroni|Costa Rica:San Jose|Croatia:Zagreb|Cuba:Havana
Cyprus:Nicosia|the Czech Republic:Prague|the Democratic Republic of the Congo:Kinshasa
Denmark:Copenhagen|Djibouti:Djibouti|Dominica:Roseau|the Dominican Republic:Santo Domingo
East Timor:Dili|Ecuador:Quito|Egypt:Cairo|El Salvador:San Salvador
Equatorial Guinea:Malabo|Eritrea:Asmara|Estonia:Tallinn|Eswatini:Mbabane
Ethiopia:Addis Ababa|Fiji:Suva|Finland:Helsinki|France:Paris|Gabon:Libreville
the Gambia:Banjul|Georgia:Tbilisi|Germany:Berlin|Ghana:Accra|Greece:Athens
Grenada:Saint George's|Guatemala:Guatemala City|Guinea:Conakry|Guinea-Bissau:Bissau
Guyana:Georgetown|Haiti:Port-au-Prince|Honduras:Tegucigalpa|Hungary:Budapest
Iceland:Reykjavik|India:New Delhi|Indonesia:Jakarta|Iran:Tehran|Iraq:Baghdad
Ireland:Dublin|Israel:Jerusalem|Italy:Rome|Ivory Coast:Yamoussoukro|Jamaica:Kingston
Japan:Tokyo|Jordan:Amman|Kazakhstan:Astana|Kenya:Nairobi|Kiribati:Tarawa
Kuwait:Kuwait City|Kyrgyzstan:Bishkek|Laos:Vientiane|Latvia:Riga|Lebanon:Beirut
Lesotho:Maseru|Liberia:Monrovia|Libya:Tripoli|Liechtenstein:Vaduz|Lithuania:Vilnius
Luxembourg:Luxembourg|Madagascar:Antananarivo|Malawi:Lilongwe|Malaysia:Kuala Lumpur
the Maldives:Male|Mali:Bamako|Malta:Valletta|the Marshall Islands:Majuro
Mauritania:Nouakchott|Mauritius:Port Louis|Mexico:Mexico City|Micronesia:Palikir
Moldova:Chisinau|Monaco:Monaco|Mongolia:Ulaanbaatar|Montenegro:Podgorica|Morocco:Rabat
Mozambique:Maputo|Myanmar:Naypyidaw|Namibia:Windhoek|Nauru:Yaren|Nepal:Kathmandu
the Netherlands:Amsterdam|New Zealand:Wellington|Nicaragua:Managua|Niger:Niamey
Nigeria:Abuja|North Korea:Pyongyang|North Macedonia:Skopje|Norway:Oslo|Oman:Muscat
Pakistan:Islamabad|Palau:Ngerulmud|Palestine:Ramallah|Panama:Panama City
Papua New Guinea:Port Moresby|Paraguay:Asuncion|Peru:Lima|the Philippines:Manila
Poland:Warsaw|Portugal:Lisbon|Qatar:Doha|the Republic of the Congo:Brazzaville
Romania:Bucharest|Russia:Moscow|Rwanda:Kigali|Saint Kitts and Nevis:Basseterre
Saint Lucia:Castries|Saint Vincent and the Grenadines:Kingstown|Samoa:Apia
San Marino:San Marino|Sao Tome and Principe:Sao Tome|Saudi Arabia:Riyadh|Senegal:Dakar
Serbia:Belgrade|the Seychelles:Victoria|Sierra Leone:Freetown|Singapore:Singapore
Slovakia:Bratislava|Slovenia:Ljubljana|the Solomon Islands:Honiara|Somalia:Mogadishu
South Africa:Pretoria|South Korea:Seoul|South Sudan:Juba|Spain:Madrid
Sri Lanka:Sri Jayawardenepura Kotte|Sudan:Khartoum|Suriname:Paramaribo|Sweden:Stockholm
Switzerland:Bern|Syria:Damascus|Tajikistan:Dushanbe|Tanzania:Dodoma|Thailand:Bangkok
Togo:Lome|Tonga:Nuku'alofa|Trinidad and Tobago:Port of Spain|Tunisia:Tunis|Turkey:Ankara
Turkmenistan:Ashgabat|Tuvalu:Funafuti|Uganda:Kampala|Ukraine:Kyiv
the United Arab Emirates:Abu Dhabi|the United Kingdom:London|the United States:Washington
Uruguay:Montevideo|Uzbekistan:Tashkent|Vanuatu:Port Vila|Vatican City:Vatican City
Venezuela:Caracas|Vietnam:Hanoi|Yemen:Sanaa|Zambia:Lusaka|Zimbabwe:Harare
"""


def _pairs(text):
    return dict(item.split(":") for item in text.strip().replace("\n", "|").split("|"))


CAPITALS = _pairs(_CAPITALS)

# Other names people use, answered under the name they used.
ALIASES = {
    "the USA": "Washington",
    "America": "Washington",
    "the US": "Washington",
    "the United States of America": "Washington",
    "the UK": "London",
    "England": "London",
    "Great Britain": "London",
    "Holland": "Amsterdam",
    "Czechia": "Prague",
}

OPPOSITES = _pairs("""
hot:cold|big:small|tall:short|fast:slow|up:down|left:right|in:out|open:closed|wet:dry
happy:sad|light:dark|day:night|old:young|good:bad|rich:poor|hard:soft|full:empty|early:late
high:low|loud:quiet|strong:weak|thick:thin|true:false|near:far|clean:dirty|first:last
begin:end|buy:sell|give:take|push:pull|win:lose|love:hate|black:white|wide:narrow
heavy:light|deep:shallow|sweet:sour|brave:afraid|smooth:rough|inside:outside|above:below
before:after|always:never|more:less|north:south|east:west|summer:winter|friend:enemy
front:back|top:bottom|sharp:blunt|cheap:expensive|easy:difficult|alive:dead|awake:asleep
""")
OPPOSITES.update(
    {
        "cold": "hot",
        "small": "big",
        "short": "tall",
        "slow": "fast",
        "down": "up",
        "right": "left",
        "out": "in",
        "dry": "wet",
        "sad": "happy",
        "dark": "light",
        "night": "day",
        "young": "old",
        "bad": "good",
        "poor": "rich",
        "soft": "hard",
        "empty": "full",
        "late": "early",
        "low": "high",
        "quiet": "loud",
        "weak": "strong",
        "thin": "thick",
        "false": "true",
        "far": "near",
        "dirty": "clean",
        "white": "black",
        "closed": "open",
        "winter": "summer",
        "below": "above",
        "south": "north",
    }
)

SOUNDS = _pairs("""
cat:meow|dog:woof|cow:moo|sheep:baa|duck:quack|pig:oink|horse:neigh|lion:roar|frog:ribbit
bee:buzz|owl:hoot|snake:hiss|rooster:cock-a-doodle-doo|hen:cluck|mouse:squeak|wolf:howl
crow:caw|donkey:hee-haw|goat:maa|chick:cheep|turkey:gobble|bear:growl|dove:coo|cricket:chirp
""")

COLOURS = _pairs("""
the sky:blue|grass:green|snow:white|a banana:yellow|a tomato:red|the sun:yellow|coal:black
an orange:orange|a carrot:orange|a lemon:yellow|blood:red|the sea:blue|a leaf:green|milk:white
a strawberry:red|chocolate:brown|an elephant:grey|a raven:black|a frog:green|a flamingo:pink
a polar bear:white|a fire engine:red|a cucumber:green|a cherry:red|the night sky:black
""")

NUMBER_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
).split()
TENS_WORDS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    "January February March April May June July August September October November December"
).split()

NAMES = (
    "Anna Ben Clara David Emma Felix Grace Hugo Ida Jack Kate Leo Mia Noah Olivia Paul Rosa Sam "
    "Tina Tom Vera Will Zoe Lucy Max Nina Oscar Lily Adam Eva Maria John Alice Bob Sofia Omar "
    "Aisha Yuki Chen Raj Ingrid Pedro"
).split()
ANIMALS = (
    "fox cat dog rabbit bear mouse owl frog bird hedgehog squirrel turtle lion elephant duck pony "
    "wolf bee penguin deer"
).split()
PLACES = "forest garden village river meadow mountain lake beach farm castle".split()
OBJECTS = "ball key book lamp shell hat kite map bell ring apple flower stone coin drum".split()
THINGS = (
    "apples books pencils cards marbles cookies stickers coins balls eggs oranges stamps".split()
)

# Cities beside the capitals, for the weather tool.
CITIES = (
    "New York|Los Angeles|Chicago|San Francisco|Boston|Seattle|Toronto|Vancouver|Sydney|Melbourne|"
    "Mumbai|Shanghai|Hong Kong|Osaka|Kyoto|Istanbul|Barcelona|Milan|Venice|Naples|Munich|Hamburg|"
    "Cologne|Frankfurt|Zurich|Geneva|Lyon|Marseille|Nice|Manchester|Liverpool|Edinburgh|Glasgow|"
    "Porto|Seville|Valencia|Rotterdam|Antwerp|Krakow|Gothenburg|Bergen|Rio de Janeiro|Sao Paulo|"
    "Cape Town|Lagos|Casablanca|Dubai|Karachi|Lahore|Busan|Houston|Dallas|Miami|Denver|Atlanta|"
    "Philadelphia|Phoenix|San Diego|Montreal|Johannesburg|Saint Petersburg|Salzburg|Florence|Turin"
).split("|")
CONDITIONS = "sunny|cloudy|rainy|windy|snowy|foggy|clear|stormy|partly cloudy|light rain".split("|")
