"""The words of the sample newspaper: an invented town, invented people, sentences written for it.

Nothing here is taken from a publication. Slots in braces are filled by ``make_sample.py``.
"""

PAPER = "The Harbour Lantern"
TOWN = "Marrowick"
KEYWORD = "Waterfront"
NOT_LISTED = "How to Reach Us by Boat, by Bus or by Bottle"  # stands in the sidebar only: in a record it is a mistake
PAPER_FR = "La Lanterne du Port"
KEYWORD_FR = "Front de mer"

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTHS_FR = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)

# Accents, hyphens, both apostrophes, particles, a letter that no Latin-1 has, and two bodies instead of people.
NAMES = (
    "Grace Tillotson",
    "Tomás Ibarrondo",
    "Maeve O’Hanlon-Reyes",
    "Anneliese Vogtländer",
    "Jean-Baptiste Kervadec",
    "Will D'Arcy-Penhale",
    "Siân Prydderch",
    "Łukasz Wronkowski",
    "Noor Haddadin",
    "Bram van der Zwaluw",
    "Håkon Liebakk",
    "Zoë Marchbanks",
    "Adunni Oyelaran",
    "Piet Rust",
    "Candle Street Tenants",
    "The Night Desk",
)
NAMES_FR = (
    "Éloïse Tanguy-Lebreton",
    "Gaël Quéménec",
    "Inès Bouzidane",
    "Jean-Loup d’Armor",
    "Collectif du Quai Sud",
    "Françoise Mœrenhout",
)
SECTIONS = ("Town Hall", "Letters", "Work", "Islands", "Culture & Ideas")

PLACES = (
    "Gull Island",
    "Lower Quay",
    "Tarry Lane",
    "East Mole",
    "Candle Street",
    "Ropewalk Yard",
    "Cinder Bay",
    "Half Moon Slip",
    "Oyster Flats",
    "Customs Row",
    "Beacon Brow",
    "Mudlark Steps",
)
BODIES = (
    "Harbour Board",
    "Town Council",
    "Pilots’ Guild",
    "Ferry Company",
    "Tenants’ Circle",
    "Net Menders’ Union",
    "Lifeboat Crew",
    "School Committee",
    "Fishmongers’ Guild",
    "Light Dues Office",
)
THINGS = (
    "Breakwater",
    "Night Ferry",
    "Swing Bridge",
    "Ice House",
    "Tide Mill",
    "Fuel Dock",
    "Fish Auction",
    "Lamp Room",
    "Slipway",
    "Coal Shed",
    "Sail Loft",
    "Sea Wall",
    "Weigh House",
    "Signal Mast",
)
NUMBERS = ("Nine", "Twelve", "40", "Sixty", "180", "300", "1,100", "2,400")

# Each stands for a way in which titles go wrong: commas, both kinds of quotes, colons, hashes, typographic
# apostrophes, ampersands, a bar as between date and summary, a date, a year, a number, angle brackets, a question.
SPECIAL_TITLES = (
    "Trawlers, Tugs, and Tea: A Morning at the Net Loft",
    '"We Were Never Asked": Dockers on the New Shift System',
    "“No Boat, No School”: Families on Gull Island Speak Out",
    "#SaveTheSlipway: How a Hashtag Filled the Town Hall",
    "The Ferryman’s Daughter",
    "Buoys & Bells: A Short History of the Channel Marks",
    "1,200 Sign Petition Against the Toll on the Swing Bridge",
    "March 14 and After: What the Flood Inquiry Left Out",
    "Comment | Leave the Lamp Lit",
    "What's Left of the Herring Fleet?",
    "Rates, Rents & Rust: Three Questions for the Harbour Board",
    "The Tide Table That Lied – and Who Printed It",
    "Live: Council Votes on the Sea Wall",
    "‘Just One More Season’, Say the Oyster Flats’ Last Growers",
    "2020: A Year on the Quay, Month by Month",
    "Fog <10 Metres: Why the Pilots Stayed Ashore",
    "A Harbour Is Not a Car Park (Part 2)",
    "Who’s Afraid of the #NightFerry?",
    "Salt in the Wound: A Debate Between Two Net Menders, a Cook and a Clerk",
    'The "Temporary" Fence, Eleven Years On',
    "Mind the Gap: £4 to Cross, £9 to Come Back",
    "Ebb, Flow, Repeat…",
    "Ropes: How to Read Them",
    "Obituary: Widow Ana Quillfeather, Who Kept the Time Ball",
)
TITLES = (
    "{body} Votes to Close the {thing} at {place}",
    "Who Pays for the {thing} at {place}?",
    "{place} Wakes Up Without Its {thing}",
    "Inside the {thing}: {number} Days With the {body}",
    "{body} Under Pressure Over {thing} Contract",
    "A Walk From {place} to the {thing}",
    "{number} Workers Walk Out at the {thing}",
    "The {thing} Reopens, but for Whom?",
    "Why {place} Wants Its {thing} Back",
    "Storm Damage at {place}: {body} Counts the Cost",
    "{body} and {other} Clash Over the {thing}",
    "How the {thing} Was Saved: Notes From {place}",
    "Rents Rise Again in {place} Despite the {body}",
    "Fog, Fines and the {body}",
    "{place} Says No to a Second {thing}",
    "Letter From {place}: The {thing} Years",
    "Five Questions About the {thing} That the {body} Won’t Answer",
    "Court Sides With {place} Residents in {thing} Case",
    "Apprentices at the {thing} Win a Pay Rise",
    "The Last Shift at the {place} {thing}",
    "School Strike Reaches {place}: {number} Walk Out",
    "{body} Elections: What Is at Stake for {place}",
    "In Pictures: The {place} {thing} at Low Tide",
    "Cuts at the {body} Hit {place} First",
    "Supper at {place} for the {thing} Workers",
    "{body} Admits to {thing} Delays After {number} Complaints",
)

# {day} and {date} are other dates than the entry's own.
OPENERS = (
    "The {body} met behind closed doors this week to settle the future of the {thing}.",
    "Hundreds gathered at {place} to ask for the {thing} that they were promised.",
    "On {day} the crew of the {thing} learned from a notice on the door that their shift was gone.",
    "{date} was the last day on which the {thing} took passengers, and nobody has said when the next will be.",
    "For the third winter in a row, {place} has been without a working pump.",
    "A leaked letter shows how close the {body} came to selling the {thing} in one lot.",
    "Low wages, long nights and a leaking roof: the people of the {thing} have had enough.",
    "What began as a dispute over {count} mooring rings has split {place} down the middle.",
    "The {body} calls it a pause; the people who work at the {thing} call it a lock-out.",
    "Since {date}, no boat has been weighed at {place} without a permit.",
    "Our reporter spent a night on the {thing} with those who keep it running.",
    "Ferries | buses | bicycles: the plan for {place} has a line for everything but the {thing}.",
    "Marrowick has {count} slates missing from its market roof, and one ladder.",
    "Nobody at the {body} would sign the order, so it was nailed up unsigned.",
)
MIDDLES = (
    "Residents say that they were told on {day}, two days after the vote.",
    "The chair, who took office on {date}, declined to answer our questions.",
    "Rents at {place} have gone up by a third, and the {body} owns most of the houses.",
    "Two engineers, a schoolteacher and a retired pilot drew up a plan of their own.",
    "The tide came over the wall twice before anybody rang the bell.",
    "It is “a question of arithmetic”, says the clerk; it is a question of who counts, say the others.",
    "The {other} has offered its hall, its kettle and its printing press.",
    "Half of the nets were mended by people who will never be asked to fish with them.",
    "A second meeting, called for {day}, drew twice as many.",
)
CLOSERS = (
    "We print the letter in full.",
    "The answer is expected before the spring tides.",
    "Read on for the timetable, the figures and the recipe.",
    "Both sides were last seen at one table on {day}.",
    "The lamp, for now, stays lit.",
)

TITLES_FR = (
    "La passerelle de Cendreuse rouvre, mais pour qui\N{NO-BREAK SPACE}?",
    "«\N{NO-BREAK SPACE}Sans bac, pas d’école\N{NO-BREAK SPACE}»\N{NO-BREAK SPACE}: l’île aux Goélands s’organise",
    "Loyers du Quai Sud\N{NO-BREAK SPACE}: la hausse de trop",
    "Bouées & balises, une brève histoire du chenal",
    "La fille du passeur",
    "#SauvonsLaCale\N{NO-BREAK SPACE}: cent voix au conseil",
    "Trois questions au capitaine du port",
    "Au marché, la glace manque encore",
    "Grève de nuit au poste à gazole",
    "L’horaire des marées était faux, et après\N{NO-BREAK SPACE}?",
    "Le phare, la vigie et le guichet",
    "Lettre aux lecteurs du port",
    "Digue nord\N{NO-BREAK SPACE}: le rapport que personne n’a lu",
    "Ramendeuses\N{NO-BREAK SPACE}: «\N{NO-BREAK SPACE}on ne rend pas l’aiguille\N{NO-BREAK SPACE}»",
    "Une promenade de la Corderie au Môle",
    "Ostréiculteurs, saison courte et longues dettes",
    "Le bac de minuit ne répond plus",
    "Pourquoi la criée déménage",
    "Brume, amendes et patience",
    "Qui paiera le mur\N{NO-BREAK SPACE}?",
    "Élections au bureau du port\N{NO-BREAK SPACE}: mode d’emploi",
    "La soupe du vendredi a vingt ans",
    "Un hiver sans charbon, rue du Goudron",
    "Les apprentis gagnent leur prime",
    "La cloche du quai a sonné deux fois",
    "Œuvres vives\N{NO-BREAK SPACE}: photographies à marée basse",
    "Le dernier quart de la voilerie",
    "À vendre\N{NO-BREAK SPACE}: une rampe, peu servie",
)
LEADS_FR = (
    "Le bureau du port s’est réuni à huis clos.",
    "Depuis le 3 janvier, plus un bateau n’est pesé sans autorisation.",
    "Réunis le 12 septembre sur le môle, les habitants demandent des comptes.",
    "Ni pompe, ni lumière\N{NO-BREAK SPACE}: troisième hiver rue du Goudron.",
    "L’avis a été cloué sur la porte, sans signature.",
)
TEXTS_FR = (
    "Les équipages l’ont appris par une affiche, deux jours après le vote.",
    "Une institutrice, deux mécaniciens et un pilote à la retraite ont dessiné leur propre plan.",
    "La marée a passé le mur par deux fois avant que quelqu’un ne sonne la cloche.",
    "Le loyer a pris un tiers, et le bureau possède presque toutes les maisons.",
    "La moitié des filets est ramendée par des mains qui ne pêcheront jamais avec.",
    "On promet une réponse avant les grandes marées, comme le 5 mars 2019.",
    "Le syndicat prête sa salle, sa bouilloire et sa presse.",
)
