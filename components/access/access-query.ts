import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { keys } from "@/components/credentials/query-keys";
import { fetchFeed } from "@/components/feed";
import { credentialAccessFeed, requestsFeed, subjectAccessFeed, subjectsFeed } from "@/components/feeds/access";
import type { Subject } from "@/lib/access";
import type { SubjectKind } from "@/lib/vocabulary/access";

/** What queries about access are called, so that a change can have them asked again. */
export const accessKeys = {
  all: ["access"],
};

/** Who may do what with a credential. */
export const whoCanOptions = (id: string) =>
  queryOptions({
    queryKey: [...accessKeys.all, ...keys.one(id)],
    queryFn: ({ signal }) => fetchFeed(credentialAccessFeed, `/credentials/${id}/feed/access`, undefined, signal),
  });

/** What a person, a group or a program may do. */
export const whatCanOptions = ({ kind, id }: Subject) =>
  queryOptions({
    queryKey: [...accessKeys.all, kind, id],
    queryFn: ({ signal }) =>
      fetchFeed(subjectAccessFeed, "/access/held/feed", new URLSearchParams({ kind, id }), signal),
  });

/** Requests that one has made or may answer. */
export const requestsOptions = () =>
  queryOptions({
    queryKey: [...accessKeys.all, "requests"],
    queryFn: ({ signal }) => fetchFeed(requestsFeed, "/requests/feed", undefined, signal),
  });

/** How many requests wait for this person's answer. */
export const waitingOptions = () =>
  queryOptions({
    queryKey: [...accessKeys.all, "waiting"],
    queryFn: ({ signal }) => fetchFeed(z.number(), "/requests/waiting/feed", undefined, signal),
  });

/** Whom access can be given to, by a part of the name. */
export const subjectsOptions = (kind: SubjectKind, q: string) =>
  queryOptions({
    queryKey: [...accessKeys.all, "subjects", kind, q],
    queryFn: ({ signal }) => fetchFeed(subjectsFeed, "/access/subjects/feed", new URLSearchParams({ kind, q }), signal),
  });
