"""Words in German, French, Spanish, Portuguese, Italian and Polish, with and without their accents.

`_` joins the words of one term. A column of first names that nobody takes for one could be published.
"""

DE = {
    "person_name": "nachname vorname vornamen familienname zuname rufname geburtsname inhaber halter fahrer "
    "antragsteller anrufer zeuge beschuldigter verdächtiger passagier reisender ansprechpartner",
    "sex": "geschlecht",
    "birth_date": "geburtsdatum geburtstag gebdatum geb_datum geboren geboren_am geb_am",
    "date": "datum ablaufdatum gültig_bis ausgestellt_am erfasst_am eintrittsdatum",
    "datetime": "zeit uhrzeit zeitpunkt datum_zeit zeitstempel einreise ausreise ankunft abreise anruf_am",
    "nationality": "staatsangehörigkeit nationalität staatsbürgerschaft land herkunftsland",
    "passport": "reisepass passnummer pass_nr ausweisnummer ausweis_nr personalausweis personalausweisnummer",
    "phone": "telefonnummer handy handynummer mobilnummer rufnummer tel_nr mobiltelefon",
    "email": "e_mail_adresse mailadresse",
    "cn_plate": "kennzeichen kfz_kennzeichen kfz",
    "address": "adresse anschrift strasse straße wohnort geburtsort wohnanschrift hausnummer",
    "organisation": "firma unternehmen arbeitgeber organisation behörde verein",
    "category": "kategorie art typ klasse einstufung gruppe bezirk ort stadt religion beruf familienstand",
    "serial": "lfd_nr nr nummer laufende_nummer kennung aktenzeichen",
    "number": "alter anzahl menge größe gewicht geschwindigkeit",
    "money": "betrag preis gehalt einkommen summe",
    "text": "bemerkung bemerkungen beschreibung anmerkung notiz hinweis sachverhalt",
    "image_path": "bild lichtbild foto",
}
FR = {
    "person_name": "nom prénom prenom prénoms prenoms nom_de_famille nom_complet patronyme titulaire "
    "propriétaire proprietaire demandeur passager voyageur conducteur suspect témoin temoin",
    "sex": "sexe",
    "birth_date": "date_de_naissance date_naissance naissance né_le ne_le née_le",
    "date": "date_expiration date_d_expiration date_de_délivrance date_inscription",
    "datetime": "heure date_heure horodatage date_entrée date_entree date_sortie arrivée arrivee départ "
    "depart",
    "nationality": "nationalité nationalite pays pays_origine citoyenneté citoyennete",
    "passport": "passeport numéro_passeport numero_passeport n_passeport numéro_de_passeport",
    "phone": "téléphone portable numéro_téléphone numero_telephone num_tel",
    "email": "courriel adresse_mail adresse_électronique adresse_electronique",
    "cn_plate": "immatriculation plaque",
    "address": "adresse rue domicile lieu_de_naissance résidence residence code_postal",
    "organisation": "société societe entreprise employeur organisme",
    "category": "catégorie categorie statut classe groupe ville région département profession motif",
    "serial": "numéro numero identifiant",
    "number": "âge effectif quantité quantite taille poids vitesse",
    "money": "montant prix salaire revenu",
    "text": "remarque remarques observation observations commentaire",
}
ES = {
    "person_name": "nombre nombres apellido apellidos primer_apellido segundo_apellido nombre_completo "
    "nombre_y_apellidos titular propietario solicitante pasajero viajero conductor sospechoso testigo",
    "sex": "sexo género genero",
    "birth_date": "fecha_de_nacimiento fecha_nacimiento fec_nac nacimiento f_nacimiento",
    "date": "fecha fecha_de_emisión fecha_emision fecha_vencimiento vencimiento",
    "datetime": "hora fecha_hora fecha_y_hora fecha_entrada fecha_salida fecha_ingreso llegada ingreso "
    "salida",
    "nationality": "nacionalidad país pais país_de_origen ciudadanía ciudadania",
    "passport": "pasaporte número_de_pasaporte numero_pasaporte num_pasaporte",
    "phone": "teléfono móvil celular número_de_teléfono numero_telefono telefono",
    "email": "correo correo_electrónico correo_electronico",
    "cn_plate": "matrícula placa patente",
    "address": "dirección direccion domicilio calle lugar_de_nacimiento",
    "organisation": "empresa compañía compania empleador institución",
    "category": "categoría categoria tipo clase estado grupo ciudad provincia municipio profesión motivo",
    "serial": "número código codigo expediente folio",
    "number": "edad cantidad peso estatura",
    "money": "importe monto precio sueldo",
    "text": "observaciones comentarios descripción descripcion nota notas",
}
PT = {
    "person_name": "nome sobrenome apelido apelidos nome_completo nome_da_mãe nome_da_mae nome_do_pai "
    "passageiro viajante motorista solicitante",
    "birth_date": "data_de_nascimento data_nascimento nascimento dt_nasc dt_nascimento",
    "date": "data data_de_emissão data_emissao validade",
    "datetime": "data_hora data_entrada data_saída data_saida chegada partida",
    "nationality": "nacionalidade cidadania",
    "passport": "passaporte número_do_passaporte numero_passaporte",
    "phone": "telefone telemóvel telemovel",
    "email": "correio_eletrónico e_mail",
    "cn_plate": "matricula",
    "address": "endereço endereco morada rua logradouro local_de_nascimento naturalidade",
    "category": "tipo situação situacao cidade bairro",
    "number": "idade quantidade",
    "text": "observações observacoes descrição",
}
IT = {
    "person_name": "cognome nominativo nome_e_cognome intestatario richiedente passeggero",
    "sex": "sesso",
    "birth_date": "data_di_nascita data_nascita nato_il nata_il nascita",
    "datetime": "ora data_ora data_ingresso data_uscita arrivo partenza",
    "nationality": "nazionalità nazionalita cittadinanza paese",
    "passport": "passaporto numero_passaporto",
    "phone": "cellulare numero_di_telefono",
    "cn_plate": "targa",
    "address": "indirizzo residenza luogo_di_nascita via",
    "organisation": "ditta azienda datore_di_lavoro",
    "category": "tipologia stato classe comune città professione",
    "number": "età eta",
    "text": "osservazioni descrizione annotazioni",
}
PL = {
    "person_name": "imię imie nazwisko imię_i_nazwisko imie_i_nazwisko nazwisko_rodowe imię_ojca imię_matki "
    "właściciel pasażer kierowca",
    "sex": "płeć plec",
    "birth_date": "data_urodzenia data_ur urodzony",
    "date": "data_ważności data_wydania",
    "datetime": "czas godzina data_wjazdu data_wyjazdu data_i_godzina",
    "nationality": "obywatelstwo narodowość kraj",
    "passport": "paszport numer_paszportu nr_paszportu nr_dowodu dowód_osobisty",
    "phone": "numer_telefonu nr_telefonu komórka",
    "cn_plate": "nr_rejestracyjny numer_rejestracyjny",
    "address": "adres_zamieszkania ulica miejsce_urodzenia zamieszkały",
    "category": "kategoria rodzaj typ status miasto województwo powiat zawód",
    "serial": "lp nr numer",
    "number": "wiek liczba",
    "money": "kwota cena",
    "text": "uwagi opis",
}
GENERIC = "land data nom nome nombre titular propietario titulaire halter inhaber eta portable via ora art"
"""Words that as often speak of something else: `nombre` is a name in Spanish and a count in French."""
EVENT = (
    "einreise ausreise ankunft abreise anruf uhrzeit zeitpunkt vorfall erfasst "
    "entrée entree sortie arrivée arrivee appel passage heure "
    "ingreso entrada salida llegada llamada hora chegada saída saida "
    "ingresso uscita arrivo wjazdu wyjazdu zdarzenia czas"
)
NO_EVENT = (
    "geburtsdatum geboren geburtstag geb gültig ablaufdatum ausgestellt geändert "
    "naissance expiration délivrance nacimiento emisión emision vencimiento "
    "nascimento emissão emissao validade nascita urodzenia ważności wydania"
)
OFFICER = (
    "sachbearbeiter beamter vater mutter ehegatte père pere mère mere agent conjoint "
    "padre madre agente cónyuge mãe mae pai ojca matki funkcjonariusz"
)
SUBJECT = "antragsteller anrufer halter passagier demandeur titulaire passager titular pasajero passageiro"
LIST = "liste lista fahndung verdächtige fichier"
