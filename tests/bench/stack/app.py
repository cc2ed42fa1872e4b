"""What an application does without Daybook: FastAPI checks a request, SQLAlchemy inserts it, PostgreSQL
commits it, and then it is answered. Run by uvicorn; BENCH_DATABASE says where."""

import os
import uuid
from datetime import datetime, timezone
from typing import Literal

from fastapi import FastAPI
from pydantic import BaseModel, Field, IPvAnyAddress
from sqlalchemy import DateTime
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class RequestRow(Base):
    __tablename__ = "single_requests"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    endpoint: Mapped[str]
    method: Mapped[str | None]
    status_code: Mapped[int | None]
    response_time_ms: Mapped[float | None]
    user_id: Mapped[str | None]
    ip_address: Mapped[str | None]
    user_agent: Mapped[str | None]
    error_message: Mapped[str | None]
    request_size_bytes: Mapped[int | None]
    response_size_bytes: Mapped[int | None]
    review: Mapped[str]


class Request(BaseModel):
    at: datetime = Field(default_factory=lambda: datetime.now(timezone.utc))
    endpoint: str = Field(max_length=8192)
    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] | None = None
    status_code: int | None = Field(None, ge=100, le=599)
    response_time_ms: float | None = Field(None, ge=0)
    user_id: str | None = Field(None, max_length=128)
    ip_address: IPvAnyAddress | None = None
    user_agent: str | None = None
    error_message: str | None = None
    request_size_bytes: int | None = Field(None, ge=0)
    response_size_bytes: int | None = Field(None, ge=0)
    review: Literal["open", "seen", "done"] = "open"


engine = create_async_engine(os.environ["BENCH_DATABASE"], pool_size=20, max_overflow=20)
sessions = async_sessionmaker(engine, expire_on_commit=False)
app = FastAPI()


@app.get("/ready")
async def ready() -> dict[str, bool]:
    return {"ready": True}


@app.post("/requests", status_code=201)
async def create(request: Request) -> dict[str, str]:
    values = request.model_dump()
    values["ip_address"] = None if request.ip_address is None else str(request.ip_address)
    row = RequestRow(**values)
    async with sessions() as session:
        session.add(row)
        await session.commit()
    return {"id": str(row.id)}
