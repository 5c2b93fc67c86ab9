//! The Durable Objects: each a thin shell around an object of `oms-actors`.

use alloc::rc::Rc;
use core::cell::RefCell;
use core::fmt;

use oms_actors::message::{Address, Ask, Envelope, Object, OrderReply, Reply};
use oms_actors::store::{Part, StoreError};
use oms_actors::{Index as IndexActor, Slots, Tenant as TenantActor, Till as TillActor};
use oms_core::json;
use oms_core::value::Topology;
use oms_door::Keys;
use worker::{DurableObject, Env, Request, Response, ResponseBuilder, Result, State, durable_object};

use crate::host::{EdgeHost, object_name};
use crate::journal::{SqlIndex, SqlJournal};

/// What every object of this crate does with what it hosts.
trait Hosted: Sized {
    fn open(state: &State, topology: Topology) -> core::result::Result<Self, StoreError>;
    async fn handle(&self, to: Address, ask: Ask, host: &EdgeHost) -> Reply;
    async fn wake(&self, host: &EdgeHost) -> core::result::Result<(), StoreError>;
    fn is_broken(&self) -> bool;
    /// What its actors reach without a hop.
    fn own(self: &Rc<Self>, _object: Object) -> Option<(Object, Rc<Slots<SqlJournal>>)> {
        None
    }
}

impl Hosted for Slots<SqlJournal> {
    fn open(state: &State, topology: Topology) -> core::result::Result<Self, StoreError> {
        Self::open(|part| SqlJournal::open(state, part), topology)
    }

    async fn handle(&self, to: Address, ask: Ask, host: &EdgeHost) -> Reply {
        Self::handle(self, to, ask, host).await
    }

    async fn wake(&self, host: &EdgeHost) -> core::result::Result<(), StoreError> {
        Self::wake(self, host).await
    }

    fn is_broken(&self) -> bool {
        Self::is_broken(self)
    }

    fn own(self: &Rc<Self>, object: Object) -> Option<(Object, Rc<Self>)> {
        Some((object, Rc::clone(self)))
    }
}

impl Hosted for TenantActor<SqlJournal> {
    fn open(state: &State, topology: Topology) -> core::result::Result<Self, StoreError> {
        Self::open(SqlJournal::open(state, Part::Tenant)?, topology)
    }

    async fn handle(&self, _to: Address, ask: Ask, host: &EdgeHost) -> Reply {
        Self::handle(self, ask, host).await
    }

    async fn wake(&self, host: &EdgeHost) -> core::result::Result<(), StoreError> {
        Self::wake(self, host).await
    }

    fn is_broken(&self) -> bool {
        Self::is_broken(self)
    }
}

impl Hosted for TillActor<SqlJournal> {
    fn open(state: &State, topology: Topology) -> core::result::Result<Self, StoreError> {
        Self::open(SqlJournal::open(state, Part::Till)?, topology)
    }

    async fn handle(&self, _to: Address, ask: Ask, host: &EdgeHost) -> Reply {
        Self::handle(self, ask, host).await
    }

    async fn wake(&self, host: &EdgeHost) -> core::result::Result<(), StoreError> {
        Self::wake(self, host).await
    }

    fn is_broken(&self) -> bool {
        Self::is_broken(self)
    }
}

impl Hosted for IndexActor<SqlIndex> {
    fn open(state: &State, _topology: Topology) -> core::result::Result<Self, StoreError> {
        Ok(Self::open(SqlIndex::open(state)?))
    }

    async fn handle(&self, _to: Address, ask: Ask, host: &EdgeHost) -> Reply {
        Self::handle(self, ask, host).await
    }

    async fn wake(&self, _host: &EdgeHost) -> core::result::Result<(), StoreError> {
        Ok(())
    }

    fn is_broken(&self) -> bool {
        Self::is_broken(self)
    }
}

/// An actor on its Durable Object. Opened by the first message, let go when its memory cannot be trusted.
struct Shell<A> {
    state: State,
    env: Env,
    actor: RefCell<Option<Rc<A>>>,
}

impl<A: Hosted> Shell<A> {
    fn new(state: State, env: Env) -> Self {
        crate::log::watch_panics();
        Self { state, env, actor: RefCell::new(None) }
    }

    fn actor(&self, topology: Topology) -> core::result::Result<Rc<A>, StoreError> {
        if let Some(actor) = &*self.actor.borrow() {
            return Ok(Rc::clone(actor));
        }
        let actor = Rc::new(A::open(&self.state, topology)?);
        *self.actor.borrow_mut() = Some(Rc::clone(&actor));
        Ok(actor)
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let envelope: Envelope = match json::read(request.text().await?.as_bytes()) {
            Ok(envelope) => envelope,
            Err(error) => return answer(&Reply::Failed { detail: format!("not understood: {error}") }),
        };
        let object = envelope.to.object();
        let mine = object_name(&envelope.tenant, object);
        if self.state.id().name().is_some_and(|name| name != mine) {
            return answer(&Reply::Failed { detail: "this message is for another object".into() });
        }
        let actor = match self.actor(envelope.topology) {
            Ok(actor) => actor,
            Err(error) => return answer(&Reply::Failed { detail: error.to_string() }),
        };
        let (tenant, topology) = (envelope.tenant, envelope.topology);
        let host = EdgeHost { env: self.env.clone(), tenant, topology, own: actor.own(object) };
        let reply = actor.handle(envelope.to, envelope.ask, &host).await;
        #[expect(clippy::panic, clippy::manual_assert, reason = "what a bug would do, asked for by a test")]
        if matches!(reply, Reply::Orders(OrderReply::NoSuchOrder)) && self.env.var(crate::PANIC_OBJECT).is_ok() {
            panic!("asked to");
        }
        if let Reply::Failed { detail } = &reply {
            worker::console_error!("{{\"level\":\"error\",\"object\":{mine:?},\"error\":{detail:?}}}");
        }
        self.let_go_of_broken(&actor);
        answer(&reply)
    }

    async fn alarm(&self) -> Result<Response> {
        let Some((tenant, topology, object)) = self.identity() else {
            // An error, not an answer: the platform rings again.
            return Err(worker::Error::RustError("an alarm without a tenant".to_owned()));
        };
        let actor = self.actor(topology).map_err(|error| worker::Error::RustError(error.to_string()))?;
        let host = EdgeHost { env: self.env.clone(), tenant, topology, own: actor.own(object) };
        match actor.wake(&host).await {
            Ok(()) => Response::empty(),
            // It set its next alarm itself.
            Err(error) if !actor.is_broken() => {
                let detail = error.to_string();
                worker::console_error!("{{\"level\":\"error\",\"alarm\":true,\"error\":{detail:?}}}");
                Response::empty()
            }
            Err(error) => {
                self.let_go_of_broken(&actor);
                Err(worker::Error::RustError(error.to_string()))
            }
        }
    }

    /// After a write that failed the next message opens the object anew. Only what broke is let go of, never what replaced it.
    fn let_go_of_broken(&self, actor: &Rc<A>) {
        if !actor.is_broken() {
            return;
        }
        let mut current = self.actor.borrow_mut();
        if current.as_ref().is_some_and(|current| Rc::ptr_eq(current, actor)) {
            current.take();
        }
    }

    /// Which object of whom this is: an alarm brings no envelope, but the name tells.
    fn identity(&self) -> Option<(String, Topology, Object)> {
        let name = self.state.id().name()?;
        let (tenant, object) = name.split_once('/')?;
        let keys = Keys::parse(&self.env.var(crate::KEYS).ok()?.to_string()).ok()?;
        Some((tenant.to_owned(), keys.topology(tenant)?, object.parse().ok()?))
    }
}

/// Without headers: only other objects of the house read it.
fn answer(reply: &Reply) -> Result<Response> {
    Ok(ResponseBuilder::new().fixed(serde_json::to_vec(reply)?))
}

macro_rules! durable {
    ($(#[$doc:meta])* $name:ident hosts $actor:ty) => {
        $(#[$doc])*
        #[durable_object]
        pub struct $name(Shell<$actor>);

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }

        impl DurableObject for $name {
            fn new(state: State, env: Env) -> Self {
                Self(Shell::new(state, env))
            }

            async fn fetch(&self, request: Request) -> Result<Response> {
                self.0.fetch(request).await
            }

            async fn alarm(&self) -> Result<Response> {
                self.0.alarm().await
            }
        }
    };
}

durable! {
    /// Orders and stock of some slots.
    Slot hosts Slots<SqlJournal>
}
durable! {
    /// Locations and tax table of a tenant.
    Tenant hosts TenantActor<SqlJournal>
}
durable! {
    /// A till.
    Till hosts TillActor<SqlJournal>
}
durable! {
    /// Lists and search of a tenant.
    Index hosts IndexActor<SqlIndex>
}
