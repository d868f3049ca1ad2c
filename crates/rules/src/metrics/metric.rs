//! The metrics, and what each of them means.

/// How a figure is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// How many.
    Count,
    /// A mean of times.
    Duration,
    /// A sum of money, in hundredths of the org's currency.
    Money,
    /// A mean of shares: of each record, a hundred, nothing, or a hundred less.
    Percent,
}

impl Unit {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Duration => "duration",
            Self::Money => "money",
            Self::Percent => "percent",
        }
    }
}

/// Which records a metric is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Messages,
    /// Conversations by the day they opened.
    Opened,
    /// Conversations by the day they closed.
    Closed,
    /// Records that were made in Salesforce.
    Records,
    /// Opportunities that puente made, by the day they were won.
    Won,
    /// Answers of customers whose case was closed.
    Answers,
}

macro_rules! metrics {
    ($($variant:ident $word:literal $unit:ident $source:ident
       en $en:literal es $es:literal pt $pt:literal)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric { $($variant),+ }

        impl Metric {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|metric| metric.as_str() == text)
            }

            pub const fn unit(self) -> Unit {
                match self { $(Self::$variant => Unit::$unit),+ }
            }

            pub const fn source(self) -> Source {
                match self { $(Self::$variant => Source::$source),+ }
            }

            /// What it means, in English, Spanish and Portuguese.
            pub const fn definition(self) -> [(&'static str, &'static str); 3] {
                match self { $(Self::$variant => [("en", $en), ("es", $es), ("pt", $pt)]),+ }
            }
        }
    };
}

metrics! {
    ConversationsOpened "conversations_opened" Count Opened
        en "Conversations that opened on the day, by either side."
        es "Conversaciones que se abrieron ese día, por cualquiera de las dos partes."
        pt "Conversas que se abriram no dia, por qualquer das partes."
    ConversationsActive "conversations_active" Count Messages
        en "Conversations with at least one message on the day, either way. Over several days, one that goes on counts once for each day."
        es "Conversaciones con al menos un mensaje ese día, en cualquier sentido. En varios días, la que sigue cuenta una vez por día."
        pt "Conversas com pelo menos uma mensagem no dia, em qualquer sentido. Em vários dias, a que continua conta uma vez por dia."
    ConversationsClosed "conversations_closed" Count Closed
        en "Conversations that closed on the day."
        es "Conversaciones que se cerraron ese día."
        pt "Conversas que se fecharam no dia."
    CasesCreated "cases_created" Count Records
        en "Cases that puente created in Salesforce on the day, by the time it learned that they are there."
        es "Casos que puente creó en Salesforce ese día, según la hora en que supo que están."
        pt "Casos que o puente criou no Salesforce no dia, pela hora em que soube que existem."
    OpportunitiesCreated "opportunities_created" Count Records
        en "Opportunities that puente created in Salesforce on the day, by the time it learned that they are there."
        es "Oportunidades que puente creó en Salesforce ese día, según la hora en que supo que están."
        pt "Oportunidades que o puente criou no Salesforce no dia, pela hora em que soube que existem."
    FirstResponse "first_response" Duration Opened
        en "Mean time from the customer's first message of a conversation to the first message back, automatic ones included. Of conversations that opened on the day and were answered within seven days of its end."
        es "Tiempo medio desde el primer mensaje del cliente en una conversación hasta el primero de vuelta, incluidos los automáticos. De las conversaciones abiertas ese día y respondidas antes de siete días desde su fin."
        pt "Tempo médio da primeira mensagem do cliente numa conversa até a primeira de volta, incluindo as automáticas. Das conversas abertas no dia e respondidas em até sete dias após o seu fim."
    Response "response" Duration Messages
        en "Mean time that customers waited: from their first message that nobody had answered to the message that answered it, by an agent, a program or the phone's own app. Campaigns answer nobody. On the day of the answer."
        es "Tiempo medio que esperaron los clientes: desde su primer mensaje sin responder hasta el que lo respondió, de un agente, un programa o la app del teléfono. Las campañas no responden a nadie. El día de la respuesta."
        pt "Tempo médio que os clientes esperaram: da sua primeira mensagem sem resposta até a que a respondeu, de um agente, um programa ou o app do telefone. Campanhas não respondem a ninguém. No dia da resposta."
    Resolution "resolution" Duration Closed
        en "Mean time from the opening of a conversation to its close. Of conversations that closed on the day."
        es "Tiempo medio desde que se abre una conversación hasta que se cierra. De las conversaciones cerradas ese día."
        pt "Tempo médio da abertura de uma conversa até o seu fechamento. Das conversas fechadas no dia."
    Received "received" Count Messages
        en "Messages that customers sent on the day."
        es "Mensajes que los clientes enviaron ese día."
        pt "Mensagens que os clientes enviaram no dia."
    Asked "asked" Count Messages
        en "Messages that puente was asked to send on the day, and messages sent from the phone's own app. The six figures that follow are of these messages, and of what became of each within seven days of the day's end."
        es "Mensajes que se pidió a puente enviar ese día, y los enviados desde la app del teléfono. Las seis cifras que siguen son de estos mensajes y de lo que fue de cada uno antes de siete días desde el fin del día."
        pt "Mensagens que se pediu ao puente para enviar no dia, e as enviadas pelo app do telefone. Os seis números seguintes são destas mensagens e do que foi de cada uma em até sete dias após o fim do dia."
    Accepted "accepted" Count Messages
        en "Of the messages of the day, those that Meta took."
        es "De los mensajes del día, los que Meta aceptó."
        pt "Das mensagens do dia, as que a Meta aceitou."
    Sent "sent" Count Messages
        en "Of the messages of the day, those that left Meta's servers (one tick)."
        es "De los mensajes del día, los que salieron de los servidores de Meta (un tic)."
        pt "Das mensagens do dia, as que saíram dos servidores da Meta (um tique)."
    Delivered "delivered" Count Messages
        en "Of the messages of the day, those that reached the device (two ticks)."
        es "De los mensajes del día, los que llegaron al dispositivo (dos tics)."
        pt "Das mensagens do dia, as que chegaram ao aparelho (dois tiques)."
    Read "read" Count Messages
        en "Of the messages of the day, those that the customer read (blue ticks). Who hides read receipts is never counted."
        es "De los mensajes del día, los que el cliente leyó (tics azules). Quien oculta las confirmaciones de lectura nunca cuenta."
        pt "Das mensagens do dia, as que o cliente leu (tiques azuis). Quem oculta as confirmações de leitura nunca conta."
    Replied "replied" Count Messages
        en "Of the messages of the day, those after which the customer wrote in the same conversation."
        es "De los mensajes del día, aquellos tras los cuales el cliente escribió en la misma conversación."
        pt "Das mensagens do dia, aquelas após as quais o cliente escreveu na mesma conversa."
    OpportunitiesWon "opportunities_won" Count Won
        en "Opportunities that puente created and that were known to be won on the day; by source, to what each is owed."
        es "Oportunidades que puente creó y que ese día se supo que se ganaron; por origen, a qué se debe cada una."
        pt "Oportunidades que o puente criou e que no dia se soube que foram ganhas; por origem, a que se deve cada uma."
    Revenue "revenue" Money Won
        en "The amounts of the opportunities won on the day, as they stand in Salesforce, each in its own currency."
        es "Los importes de las oportunidades ganadas ese día, como están en Salesforce, cada uno en su moneda."
        pt "Os valores das oportunidades ganhas no dia, como estão no Salesforce, cada um na sua moeda."
    Csat "csat" Percent Answers
        en "Customer satisfaction: the share of 4 and 5 among the answers from 1 to 5 that customers gave on the day after their case was closed."
        es "Satisfacción del cliente: la parte de 4 y 5 entre las respuestas de 1 a 5 que los clientes dieron ese día tras cerrarse su caso."
        pt "Satisfação do cliente: a parte de 4 e 5 entre as respostas de 1 a 5 que os clientes deram no dia após o fechamento do seu caso."
    Nps "nps" Percent Answers
        en "Net promoter score: the share of 9 and 10 less the share of 0 to 6 among the answers from 0 to 10 that customers gave on the day after their case was closed."
        es "Net promoter score: la parte de 9 y 10 menos la parte de 0 a 6 entre las respuestas de 0 a 10 que los clientes dieron ese día tras cerrarse su caso."
        pt "Net promoter score: a parte de 9 e 10 menos a parte de 0 a 6 entre as respostas de 0 a 10 que os clientes deram no dia após o fechamento do seu caso."
    Failed "failed" Count Messages
        en "Of the messages of the day, those that failed and were not delivered after all; by code, why."
        es "De los mensajes del día, los que fallaron y no se entregaron después; por código, el motivo."
        pt "Das mensagens do dia, as que falharam e não foram entregues depois; por código, o motivo."
}
