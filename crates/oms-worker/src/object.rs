//! The Durable Objects: each a thin shell around an object of `oms-actors`.

use alloc::rc::Rc;
use core::cell::RefCell;
use core::fmt;

use oms_actors::message::{Ask, Envelope, Reply};
use oms_actors::store::StoreError;
use oms_actors::{Index as IndexActor, Orders, Stocks, Tenant as TenantActor};
use oms_core::value::Topology;
use oms_door::Keys;
use worker::{DurableObject, Env, Request, Response, ResponseBuilder, Result, State, durable_object};

use crate::host::{EdgeHost, object_name};
use crate::journal::{SqlIndex, SqlJournal};

/// What every object of this crate does with its actor.
trait Hosted: Sized {
    fn open(state: &State, topology: Topology) -> core::result::Result<Self, StoreError>;
    async fn handle(&self, ask: Ask, host: &EdgeHost) -> Reply;
    async fn wake(&self, host: &EdgeHost) -> core::result::Result<(), StoreError>;
    fn is_broken(&self) -> bool;
}

macro_rules! hosted {
    ($actor:ident, $store:ident, |$opened:ident, $topology:ident| $open:expr, $wakes:tt) => {
        impl Hosted for $actor<$store> {
            fn open(state: &State, $topology: Topology) -> core::result::Result<Self, StoreError> {
                let $opened = $store::open(state)?;
                $open
            }

            async fn handle(&self, ask: Ask, host: &EdgeHost) -> Reply {
                $actor::handle(self, ask, host).await
            }

            async fn wake(&self, host: &EdgeHost) -> core::result::Result<(), StoreError> {
                hosted!(@wake self, host, $wakes)
            }

            fn is_broken(&self) -> bool {
                $actor::is_broken(self)
            }
        }
    };
    (@wake $self:ident, $host:ident, wakes) => { $self.wake($host).await };
    (@wake $self:ident, $host:ident, sleeps) => {{ let _ = ($self, $host); Ok(()) }};
}

hosted!(Orders, SqlJournal, |store, topology| Orders::open(store, topology), wakes);
hosted!(Stocks, SqlJournal, |store, topology| Stocks::open(store, topology), wakes);
hosted!(TenantActor, SqlJournal, |store, topology| TenantActor::open(store, topology), wakes);
hosted!(IndexActor, SqlIndex, |store, _topology| Ok(IndexActor::open(store)), sleeps);

/// An actor on its Durable Object. Opened by the first message, let go when its memory cannot be trusted.
struct Shell<A> {
    state: State,
    env: Env,
    actor: RefCell<Option<Rc<A>>>,
}

impl<A: Hosted> Shell<A> {
    fn new(state: State, env: Env) -> Self {
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
        let envelope: Envelope = match serde_json::from_str(&request.text().await?) {
            Ok(envelope) => envelope,
            Err(error) => return answer(&Reply::Failed { detail: format!("not understood: {error}") }),
        };
        let mine = object_name(&envelope.tenant, envelope.to);
        if self.state.id().name().is_some_and(|name| name != mine) {
            return answer(&Reply::Failed { detail: "this message is for another object".into() });
        }
        let host = EdgeHost { env: self.env.clone(), tenant: envelope.tenant, topology: envelope.topology };
        let actor = match self.actor(envelope.topology) {
            Ok(actor) => actor,
            Err(error) => return answer(&Reply::Failed { detail: error.to_string() }),
        };
        let reply = actor.handle(envelope.ask, &host).await;
        if let Reply::Failed { detail } = &reply {
            worker::console_error!("{{\"level\":\"error\",\"object\":{mine:?},\"error\":{detail:?}}}");
            self.let_go_of_broken(&actor);
        }
        answer(&reply)
    }

    async fn alarm(&self) -> Result<Response> {
        let Some((tenant, topology)) = self.tenant() else {
            // An error, not an answer: the platform rings again.
            return Err(worker::Error::RustError("an alarm without a tenant".to_owned()));
        };
        let host = EdgeHost { env: self.env.clone(), tenant, topology };
        let actor = self.actor(topology).map_err(|error| worker::Error::RustError(error.to_string()))?;
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

    /// The next message opens the object anew. Only the actor that broke is let go of, never the one that replaced it.
    fn let_go_of_broken(&self, actor: &Rc<A>) {
        let mut current = self.actor.borrow_mut();
        if actor.is_broken() && current.as_ref().is_some_and(|current| Rc::ptr_eq(current, actor)) {
            current.take();
        }
    }

    /// Whose object this is: an alarm brings no envelope, but the name begins with the tenant.
    fn tenant(&self) -> Option<(String, Topology)> {
        let name = self.state.id().name()?;
        let (tenant, _) = name.split_once('/')?;
        let keys = Keys::parse(&self.env.var(crate::KEYS).ok()?.to_string()).ok()?;
        Some((tenant.to_owned(), keys.topology(tenant)?))
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
    /// Orders of some slots.
    OrderSlot hosts Orders<SqlJournal>
}
durable! {
    /// Stock of some slots.
    SkuSlot hosts Stocks<SqlJournal>
}
durable! {
    /// Locations and tax table of a tenant.
    Tenant hosts TenantActor<SqlJournal>
}
durable! {
    /// Lists and search of a tenant.
    Index hosts IndexActor<SqlIndex>
}
